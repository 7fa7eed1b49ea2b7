internal import ArgumentParser
internal import Campaign
internal import ConformanceJudge
internal import ConformanceModel
internal import ConformanceReports
internal import Foundation

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

/// `countersign merge`
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Combines the results of a run's shards.",
        discussion: """
            Every shard and every case must be present exactly once, and all must belong to one run: one seed, one \
            catalogue, one commit, one set of stacks. The merged results equal those of a single run except for times. \
            The exit code is that of the run, or 2 when the shards don't fit together.

            Example: countersign merge shard-*.json --json results.json --markdown report.md
            """
    )

    @Argument(help: "The JSON results of every shard, in any order.")
    var results: [String]

    @Option(
        help: ArgumentHelp(
            "The folder of scenarios that was played, to name missing cases; by default the catalogue that came with the program.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    @Option(
        help: ArgumentHelp(
            "Writes the matrix of stacks, and a page for each stack, into this folder.",
            valueName: "dir"
        )
    )
    var interop: String?

    @OptionGroup var reports: ReportOptions

    func run() throws {
        let files = try reports.checked()
        let interop = try interop.map(InteropFiles.init(checking:))
        let parts = try results.map { ReportMerge.Part(file: $0, report: try ResultsFile.read($0)) }
        let report = try MergeRequest(parts, scenarios: scenarios).report()
        try files.write(report, rules: Oracle.ruleDescriptions)
        try interop?.write(report)
        print(TerminalSummary(report, written: files.paths).text, terminator: "")
        let status = ProcessStatus(of: report)
        if status != .asExpected { throw ExitCode(status.rawValue) }
    }
}
