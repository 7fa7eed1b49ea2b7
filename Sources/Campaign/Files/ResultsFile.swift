internal import ConformanceJudge
package import ConformanceModel
internal import ConformanceReports
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
