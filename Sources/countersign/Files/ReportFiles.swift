internal import ArgumentParser
internal import Conformance
internal import ConformanceReports
internal import Foundation

/// The options that name where reports go; several commands share them.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Writes JUnit XML to this file.", valueName: "path"))
    var junit: String?

    @Option(help: ArgumentHelp("Writes Markdown to this file, kept below 900 KiB.", valueName: "path"))
    var markdown: String?

    @Option(help: ArgumentHelp("Writes the JSON results to this file.", valueName: "path"))
    var json: String?

    /// Finds every path writable, before anything is played.
    ///
    /// - Parameter junitByDefault: where JUnit XML goes when no option says.
    func checked(junitByDefault: String? = nil) throws -> ReportFiles {
        try ReportFiles(checkingJSON: json, junit: junit ?? junitByDefault, markdown: markdown)
    }
}

/// The files that one run is rendered to.
struct ReportFiles {
    var json: ReportPath?
    var junit: ReportPath?
    var markdown: ReportPath?

    /// - Throws: `CommandError` for a path that can't be written, and for two reports with one path.
    init(checkingJSON json: String?, junit: String?, markdown: String?) throws {
        let paths = [json, junit, markdown].compactMap { $0 }
        let places = Set(paths.map { URL(filePath: $0).standardizedFileURL.path() })
        guard places.count == paths.count else {
            throw CommandError.usage(
                "two reports have the same path; give each its own: \(paths.joined(separator: ", "))"
            )
        }
        self.json = try json.map(ReportPath.init(checking:))
        self.junit = try junit.map(ReportPath.init(checking:))
        self.markdown = try markdown.map(ReportPath.init(checking:))
    }

    var isEmpty: Bool { json == nil && junit == nil && markdown == nil }
    /// In the order in which a person wants them.
    var paths: [String] { [markdown, junit, json].compactMap { $0?.path } }

    /// Writes every report. All are tried; then the first error is thrown.
    func write(_ report: RunReport, rules: [RuleDescription]) throws {
        let writes: [() throws -> Void] = [
            { try json?.write(ResultsJSON.encode(report)) },
            { try junit?.write(Data(JUnitReport(report, rules: rules).text.utf8)) },
            { try markdown?.write(Data(MarkdownReport(report, rules: rules).text.utf8)) },
        ]
        var errors: [any Error] = []
        for write in writes {
            do { try write() } catch { errors.append(error) }
        }
        if let first = errors.first { throw first }
    }
}
