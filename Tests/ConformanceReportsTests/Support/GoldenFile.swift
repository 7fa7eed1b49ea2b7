import Foundation
import Testing

/// A report as it was once read and found right, in `Fixtures/`.
///
/// `COUNTERSIGN_UPDATE_FIXTURES=1 swift test --filter ConformanceReportsTests` writes the files anew, to be read in the diff.
struct GoldenFile {
    let name: String

    func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures").appending(path: name)
        if ProcessInfo.processInfo.environment["COUNTERSIGN_UPDATE_FIXTURES"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(text == golden, sourceLocation: sourceLocation)
    }
}
