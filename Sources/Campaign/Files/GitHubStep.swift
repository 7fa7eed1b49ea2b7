package import ConformanceModel
internal import ConformanceReports
internal import Foundation

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
