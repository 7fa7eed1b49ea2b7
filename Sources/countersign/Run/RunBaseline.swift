internal import ArgumentParser
internal import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// The options that hold a run against an earlier one.
struct BaselineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compares with this baseline, or with these results; a case that got worse ends the run with 1.",
            valueName: "path"
        )
    )
    var baseline: String?

    @Flag(help: "Writes the baseline anew after a whole run: --baseline, or reports/baseline.json.")
    var updateBaseline = false

    /// Reads the baseline, or finds its path writable, before anything is played.
    func checked() throws -> RunBaseline {
        let path = baseline ?? RunBaseline.standardPath
        if updateBaseline {
            return RunBaseline(path: path, old: nil, target: try ReportPath(checking: path))
        }
        return RunBaseline(path: path, old: try baseline.map(ResultsFile.readBaseline), target: nil)
    }
}

/// What a run is compared with, or what it becomes.
struct RunBaseline {
    static let standardPath = "reports/baseline.json"

    var path: String
    var old: Baseline?
    var target: ReportPath?

    /// Compares or writes, as the options said.
    ///
    /// - Throws: `CommandError` when a part of a run was to become the baseline.
    func conclude(_ report: RunReport) throws -> ReportComparison? {
        if let target {
            guard report.isComplete, report.plan?.isWhole == true else {
                throw CommandError.usage(
                    "\(path) was not written: a baseline is made of a whole run, without globs, --stack, --strength "
                        + "or --shard"
                )
            }
            try target.write(BaselineJSON.encode(Baseline(report)))
            return nil
        }
        guard let old else { return nil }
        // A part of a run is no reason to miss the other cases.
        let isWhole = report.isComplete && report.plan?.isWhole == true
        let compared = isWhole ? old : old.restricted(to: Set(report.cases.map(\.id)))
        return ReportComparison(old: compared, new: Baseline(report))
    }
}
