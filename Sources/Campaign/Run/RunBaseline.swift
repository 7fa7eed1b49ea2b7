package import ConformanceModel
package import ConformanceReports
internal import Foundation

/// The baseline that a run is compared with, or becomes.
package struct RunBaseline {
    package static let standardPath = "reports/baseline.json"

    package var path: String
    package var old: Baseline?
    package var target: ReportPath?

    package init(
        path: String,
        old: Baseline? = nil,
        target: ReportPath? = nil
    ) {
        self.path = path
        self.old = old
        self.target = target
    }

    /// Compares or writes, as the options said.
    ///
    /// - Throws: `CommandError` when a part of a run was to become the baseline.
    package func conclude(_ report: RunReport) throws -> ReportComparison? {
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
