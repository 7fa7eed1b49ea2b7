import ConformanceCatalogue
import ConformanceModel
import FoundationEssentials
import Testing

/// A line that a stack really wrote, and the failure modes that must be named for it.
struct RecordedLine: CustomTestStringConvertible, Sendable {
    var command: String
    var first: String
    var beside: [String]
    var text: String

    var testDescription: String { "\(first): \(command)" }

    /// All lines of the fixture, in its order.
    static func all() throws -> [RecordedLine] {
        let file = Repository.root + "/Tests/DiagnosticsTests/Fixtures/log-lines.txt"
        var command = ""
        var lines: [RecordedLine] = []
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") where line.first != "#" {
            if line.hasPrefix("$ ") {
                command = String(line.dropFirst(2))
                continue
            }
            let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { throw Malformed(line: String(line)) }
            let beside = parts[1].split(separator: ",").map(String.init)
            lines.append(RecordedLine(command: command, first: parts[0], beside: beside, text: parts[2]))
        }
        return lines
    }

    struct Malformed: Error {
        var line: String
    }
}

/// This repository, found from this file: tests run in any working directory.
enum Repository {
    static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
    static let failureModes = Result { try FailureModeCatalogue.load(directory: root + "/scenarios") }
}
