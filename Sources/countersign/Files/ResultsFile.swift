internal import Conformance
internal import ConformanceReports
internal import Foundation

/// A results file that a command reads.
enum ResultsFile {
    static func read(_ path: String) throws -> RunReport {
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
