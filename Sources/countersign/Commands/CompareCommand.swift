internal import ArgumentParser
internal import Campaign
internal import ConformanceReports

/// `countersign compare`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares two runs, case by case.",
        discussion: """
            Names cases that newly fail, newly pass, are new or gone, and scenarios that are slower, and beside each \
            difference the stacks that have another version. Ends with 1 when a case is unexpected that was not \
            before, or is no longer played.

            Example: countersign compare reports/baseline.json reports/latest/results.json
            """
    )

    @Argument(help: "The JSON results of the earlier run, or a baseline.")
    var old: String

    @Argument(help: "The JSON results of the later run, or a baseline.")
    var new: String

    func run() throws {
        let comparison = ReportComparison(
            old: try ResultsFile.readBaseline(old),
            new: try ResultsFile.readBaseline(new)
        )
        print(comparison.text, terminator: "")
        if comparison.isRegression { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }
}
