internal import Conformance
internal import ConformanceReports
internal import Foundation
internal import Glibc

/// A results file that a command reads.
enum ResultsFile {
    static func read(_ path: String) throws -> RunReport {
        // Foundation's own error for a file that isn't there has no errno.
        guard access(path, R_OK) == 0 else {
            throw CommandError.usage("can't read the results \(path): \(String(cString: strerror(errno)))")
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CommandError.usage("can't read the results \(path): \(FileReason.of(error))")
        }
        do {
            return try ResultsJSON.decode(data, from: path)
        } catch {
            throw CommandError.usage("\(error)")
        }
    }
}
