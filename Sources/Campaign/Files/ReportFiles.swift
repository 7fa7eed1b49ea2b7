package import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// The files that one run is rendered to.
package struct ReportFiles {
    package enum Kind: Hashable {
        case html
        case markdown
        case junit
        case sarif
        case tap
        case json
    }

    private let files: [(kind: Kind, path: ReportPath)]
    private let isForGitHub: Bool
    /// The file of the last runs, and what it held before this one.
    private let history: (path: ReportPath, runs: RunHistory)?

    /// - Parameter paths: in the order in which a person wants them.
    /// - Throws: `CommandError` for a path that can't be written, and for two reports with one path.
    package init(checking paths: [(Kind, String)], history: String? = nil, forGitHub: Bool = false) throws {
        let places = Set(paths.map { URL(filePath: $0.1).standardizedFileURL.path() })
        guard places.count == paths.count else {
            throw CommandError.usage(
                "two reports have the same path; give each its own: \(paths.map(\.1).joined(separator: ", "))"
            )
        }
        files = try paths.map { ($0.0, try ReportPath(checking: $0.1)) }
        isForGitHub = forGitHub
        self.history = try history.map { (try ReportPath(checking: $0), try ResultsFile.readHistory($0)) }
    }

    package var isEmpty: Bool { files.isEmpty }
    package var paths: [String] { files.map(\.path.path) }

    /// Writes every report. All are tried; then the first error is thrown.
    package func write(_ report: RunReport, rules: [RuleDescription]) throws {
        var errors: [any Error] = []
        var runs = history?.runs ?? RunHistory()
        if let history {
            runs.add(report)
            do { try history.path.write(runs.encode()) } catch { errors.append(error) }
        }
        for (kind, path) in files {
            do {
                try path.write(Self.data(kind, report, rules, runs))
            } catch {
                errors.append(error)
            }
        }
        if isForGitHub {
            do { try GitHubStep.tell(report, rules) } catch { errors.append(error) }
        }
        if let first = errors.first { throw first }
    }

    private static func data(
        _ kind: Kind,
        _ report: RunReport,
        _ rules: [RuleDescription],
        _ history: RunHistory
    ) throws -> Data {
        switch kind {
        case .html: Data(try HTMLReport(report, rules: rules, history: history).text.utf8)
        case .markdown: Data(MarkdownReport(report, rules: rules, history: history).text.utf8)
        case .junit: Data(JUnitReport(report, rules: rules).text.utf8)
        case .sarif: Data(try SARIFReport(report, rules: rules).text.utf8)
        case .tap: Data(TAPReport(report, rules: rules).text.utf8)
        case .json: try ResultsJSON.encode(report)
        }
    }
}

/// The step of a GitHub Actions job in which this process runs.
package enum GitHubStep {
    /// Prints annotations, and adds the Markdown, which is below GitHub's limit, to the summary if there is one.
    package static func tell(_ report: RunReport, _ rules: [RuleDescription]) throws {
        print(GitHubAnnotations(report).text, terminator: "")
        guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw CommandError(
                message: "the step summary \(path) can't be written",
                status: .harnessFault
            )
        }
        defer { try? file.close() }
        do {
            try file.seekToEnd()
            try file.write(contentsOf: Data(MarkdownReport(report, rules: rules).text.utf8))
        } catch {
            throw CommandError(
                message: "the step summary \(path) could not be written: \(FileReason.of(error))",
                status: .harnessFault
            )
        }
    }
}
