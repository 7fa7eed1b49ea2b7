import Foundation
import Testing

@testable import Campaign

@Suite("Finding the scenarios")
struct ScenarioFolderTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "countersign-\(UUID().uuidString)").path()

    private func make(_ folders: String...) throws {
        for folder in folders {
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
    }

    @Test("An installed program finds the scenarios below its prefix")
    func installed() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("prefix/bin", "prefix/share/countersign/scenarios")
        #expect(
            try ScenarioFolder.find(named: nil, here: "\(root)/empty", executable: "\(root)/prefix/bin/countersign")
                == "\(root)/prefix/share/countersign/scenarios"
        )
    }

    @Test("A build finds the scenarios of its clone, and no other folder of that name on the way up")
    func built() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("clone/scenarios", "clone/.build/release", "clone/.build/scenarios")
        let executable = "\(root)/clone/.build/release/countersign"
        #expect(throws: CommandError.self) {
            try ScenarioFolder.find(named: nil, here: "\(root)/empty", executable: executable)
        }
        try Data().write(to: URL(filePath: "\(root)/clone/Package.swift"))
        #expect(
            try ScenarioFolder.find(named: nil, here: "\(root)/empty", executable: executable)
                == "\(root)/clone/scenarios"
        )
    }

    @Test("A catalogue in the current directory comes first, and any other folder of that name doesn't")
    func here() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("here/scenarios", "prefix/bin", "prefix/share/countersign/scenarios")
        let executable = "\(root)/prefix/bin/countersign"
        let found = { try ScenarioFolder.find(named: nil, here: "\(root)/here", executable: executable) }
        try Data("title: somebody's own\n".utf8).write(to: URL(filePath: "\(root)/here/scenarios/a.yaml"))
        #expect(try found() == "\(root)/prefix/share/countersign/scenarios")
        try Data("scenario: own/one\n".utf8).write(to: URL(filePath: "\(root)/here/scenarios/b.yaml"))
        #expect(try found() == "\(root)/here/scenarios")
    }

    @Test("A folder that the user names is taken, and has to be there")
    func named() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("mine", "prefix/bin", "prefix/share/countersign/scenarios")
        let executable = "\(root)/prefix/bin/countersign"
        #expect(try ScenarioFolder.find(named: "\(root)/mine", here: root, executable: executable) == "\(root)/mine")
        #expect(throws: CommandError.usage("no folder of scenarios at \(root)/x; name one with --scenarios DIR")) {
            try ScenarioFolder.find(named: "\(root)/x", here: root, executable: executable)
        }
    }
}
