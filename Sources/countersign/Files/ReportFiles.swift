internal import ArgumentParser
internal import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// The options that name where reports go; several commands share them.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Writes one HTML page that needs no other file.", valueName: "path"))
    var html: String?

    @Option(help: ArgumentHelp("Writes JUnit XML to this file.", valueName: "path"))
    var junit: String?

    @Option(help: ArgumentHelp("Writes Markdown to this file, kept below 900 KiB.", valueName: "path"))
    var markdown: String?

    @Option(help: ArgumentHelp("Writes the JSON results to this file.", valueName: "path"))
    var json: String?

    @Option(help: ArgumentHelp("Writes the Test Anything Protocol to this file.", valueName: "path"))
    var tap: String?

    @Flag(help: "In GitHub Actions: prints annotations, and adds the Markdown to the step summary.")
    var github = false

    /// Finds every path writable, before anything is played.
    ///
    /// - Parameter junitByDefault: where JUnit XML goes when no option says.
    func checked(junitByDefault: String? = nil) throws -> ReportFiles {
        let paths: [(ReportFiles.Kind, String?)] = [
            (.html, html), (.markdown, markdown), (.junit, junit ?? junitByDefault), (.tap, tap), (.json, json),
        ]
        return try ReportFiles(checking: paths.compactMap { kind, path in path.map { (kind, $0) } }, forGitHub: github)
    }
}

/// The files that one run is rendered to.
struct ReportFiles {
    enum Kind: Hashable {
        case html
        case markdown
        case junit
        case tap
        case json
    }

    private let files: [(kind: Kind, path: ReportPath)]
    private let isForGitHub: Bool

    /// - Parameter paths: in the order in which a person wants them.
    /// - Throws: `CommandError` for a path that can't be written, and for two reports with one path.
    init(checking paths: [(Kind, String)], forGitHub: Bool = false) throws {
        let places = Set(paths.map { URL(filePath: $0.1).standardizedFileURL.path() })
        guard places.count == paths.count else {
            throw CommandError.usage(
                "two reports have the same path; give each its own: \(paths.map(\.1).joined(separator: ", "))"
            )
        }
        files = try paths.map { ($0.0, try ReportPath(checking: $0.1)) }
        isForGitHub = forGitHub
    }

    var isEmpty: Bool { files.isEmpty }
    var paths: [String] { files.map(\.path.path) }

    /// Writes every report. All are tried; then the first error is thrown.
    func write(_ report: RunReport, rules: [RuleDescription]) throws {
        var errors: [any Error] = []
        for (kind, path) in files {
            do {
                try path.write(Self.data(kind, report, rules))
            } catch {
                errors.append(error)
            }
        }
        if isForGitHub {
            do { try GitHubStep.tell(report, rules) } catch { errors.append(error) }
        }
        if let first = errors.first { throw first }
    }

    private static func data(_ kind: Kind, _ report: RunReport, _ rules: [RuleDescription]) throws -> Data {
        switch kind {
        case .html: Data(try HTMLReport(report, rules: rules).text.utf8)
        case .markdown: Data(MarkdownReport(report, rules: rules).text.utf8)
        case .junit: Data(JUnitReport(report, rules: rules).text.utf8)
        case .tap: Data(TAPReport(report, rules: rules).text.utf8)
        case .json: try ResultsJSON.encode(report)
        }
    }
}
