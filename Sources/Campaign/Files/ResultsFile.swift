internal import ConformanceJudge
package import ConformanceModel
package import ConformanceReports
internal import Foundation
internal import Glibc

/// A results file that a command reads.
package enum ResultsFile {
    package static func read(_ path: String) throws -> RunReport {
        let data = try contents(of: path)
        let report: RunReport
        do {
            report = try ResultsJSON.decode(data, from: path)
        } catch {
            throw CommandError.usage("\(error)")
        }
        let contradictions = ResultCheck.contradictions(in: report)
        guard contradictions.isEmpty else {
            var lines = contradictions.prefix(namedContradictions).map { "\n- \($0)" }.joined()
            let rest = contradictions.count - namedContradictions
            if rest > 0 { lines += "\n- and \(rest) more" }
            throw CommandError.usage(
                "\(path) contradicts itself, so it is not what a run wrote; play the cases again:\(lines)"
            )
        }
        return report
    }

    private static let namedContradictions = 10

    /// Reads a baseline, or results as one.
    package static func readBaseline(_ path: String) throws -> Baseline {
        let data = try contents(of: path)
        do {
            return try BaselineJSON.decode(data, from: path)
        } catch {
            throw CommandError.usage("\(error)")
        }
    }

    /// Reads the history of runs; there is none before the first.
    static func readHistory(_ path: String) throws -> RunHistory {
        guard access(path, F_OK) == 0 else { return RunHistory() }
        do {
            return try RunHistory.decode(try contents(of: path), from: path)
        } catch let error as ResultsError {
            throw CommandError.usage(error.description)
        }
    }

    private static func contents(of path: String) throws -> Data {
        // Foundation's own error for a file that isn't there has no errno.
        guard access(path, R_OK) == 0 else {
            throw CommandError.usage("can't read the results \(path): \(String(cString: strerror(errno)))")
        }
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CommandError.usage("can't read the results \(path): \(FileReason.of(error))")
        }
    }
}

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
