import Foundation
import Testing

@testable import Campaign

@Suite("Finding the scenarios")
struct ScenarioFolderTests {
    @Test("The current folder comes first, then the folders above the executable")
    func order() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "countersign-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: root) }
        for folder in ["\(root)/here/scenarios", "\(root)/clone/scenarios", "\(root)/clone/.build/release"] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let executable = "\(root)/clone/.build/release/countersign"
        #expect(
            try ScenarioFolder.find(named: nil, here: "\(root)/here", executable: executable)
                == "\(root)/here/scenarios"
        )
        #expect(try ScenarioFolder.find(named: nil, here: root, executable: executable) == "\(root)/clone/scenarios")
        #expect(throws: CommandError.usage("no folder of scenarios at \(root)/x; name one with --scenarios DIR")) {
            try ScenarioFolder.find(named: "\(root)/x", here: root, executable: executable)
        }
        #expect(throws: CommandError.self) {
            try ScenarioFolder.find(named: nil, here: root, executable: "\(root)/bin/countersign")
        }
    }
}
