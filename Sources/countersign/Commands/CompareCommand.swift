internal import ArgumentParser
internal import Campaign
internal import ConformanceReports

/// `countersign compare`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares two runs case by case, and groups the changes by cause.",
        discussion: """
            The changes are grouped by stack and rule: cases that newly fail, are no longer played, are gone or newly \
            pass. Each group has one case before and after, and the stacks whose version changed. Reasons need the JSON \
            results of both runs; a baseline holds verdicts alone. Ends with 1 when a case is unexpected that was not \
            before, is no longer played, or is gone.

            Example: countersign compare reports/baseline.json reports/latest/results.json
            Example: countersign compare reports/baseline.json reports/latest/results.json --html compare.html --json compare.json
            """
    )

    @Argument(help: "The JSON results of the earlier run, or a baseline.")
    var old: String

    @Argument(help: "The JSON results of the later run, or a baseline.")
    var new: String

    @Option(help: ArgumentHelp("Writes one HTML page that needs no other file.", valueName: "path"))
    var html: String?

    @Option(help: ArgumentHelp("Writes Markdown to this file, kept below 900 KiB.", valueName: "path"))
    var markdown: String?

    @Option(help: ArgumentHelp("Writes JSON to this file.", valueName: "path"))
    var json: String?

    func run() throws {
        let files = try ComparisonFiles(html: html, markdown: markdown, json: json)
        let comparison = ReportComparison(
            old: try ResultsFile.readBaseline(old),
            new: try ResultsFile.readBaseline(new)
        )
        try files.write(comparison)
        print(comparison.text, terminator: "")
        if comparison.isRegression { throw ExitCode(ProcessStatus.unexpectedResults.rawValue) }
    }
}
