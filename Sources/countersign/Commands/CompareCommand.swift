internal import ArgumentParser
internal import ConformanceReports

/// `countersign compare`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares two runs, case by case.",
        discussion: """
            Ends with 1 when a case is unexpected that was not before, or is no longer played.

            Example: countersign compare release-1/results.json reports/latest/results.json
            """
    )

    @Argument(help: "The JSON results of the earlier run.")
    var old: String

    @Argument(help: "The JSON results of the later run.")
    var new: String

    func run() throws {
        let comparison = ReportComparison(old: try ResultsFile.read(old), new: try ResultsFile.read(new))
        print(comparison.text, terminator: "")
        if comparison.isRegression { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }
}
