internal import ArgumentParser
internal import Campaign
internal import ConformanceJudge
internal import ConformanceModel
internal import ConformanceReports

/// `countersign report`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Renders reports from the JSON results of a run.",
        discussion: """
            The exit code is that of the run: 1 when it had unexpected results.

            Example: countersign report reports/latest/results.json --markdown report.md
            """
    )

    @Argument(help: "The JSON results.")
    var results: String

    @OptionGroup var reports: ReportOptions

    func run() throws {
        let report = try ResultsFile.read(results)
        let files = try reports.checked()
        try files.write(report, rules: Oracle.ruleDescriptions)
        print(TerminalSummary(report, written: files.paths).text, terminator: "")
        let status = ProcessStatus(of: report)
        if status != .asExpected { throw ExitCode(status.rawValue) }
    }
}
