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

    @Test("A folder of that name in the current directory never shadows the installed catalogue")
    func shadow() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("here/scenarios", "prefix/bin", "prefix/share/countersign/scenarios")
        let executable = "\(root)/prefix/bin/countersign"
        let found = { try ScenarioFolder.find(named: nil, here: "\(root)/here", executable: executable) }
        try Data("scenario: own/one\n".utf8).write(to: URL(filePath: "\(root)/here/scenarios/a.yaml"))
        #expect(try found() == "\(root)/prefix/share/countersign/scenarios")
        try Data("let package = Package(name: \"mine\")\n".utf8).write(to: URL(filePath: "\(root)/here/Package.swift"))
        #expect(try found() == "\(root)/prefix/share/countersign/scenarios")
    }

    @Test("In a clone of this project its own scenarios are played, also by an installed program")
    func clone() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("clone/scenarios", "prefix/bin", "prefix/share/countersign/scenarios")
        try Data("scenario: own/one\n".utf8).write(to: URL(filePath: "\(root)/clone/scenarios/a.yaml"))
        try Data("    name: \"countersign\",\n".utf8).write(to: URL(filePath: "\(root)/clone/Package.swift"))
        #expect(
            try ScenarioFolder.find(named: nil, here: "\(root)/clone", executable: "\(root)/prefix/bin/countersign")
                == "\(root)/clone/scenarios"
        )
    }

    @Test("A program without a catalogue plays the one in the current directory, and nothing that is none")
    func bare() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("here/scenarios", "bin")
        let found = { try ScenarioFolder.find(named: nil, here: "\(root)/here", executable: "\(root)/bin/countersign") }
        try Data("title: somebody's own\n".utf8).write(to: URL(filePath: "\(root)/here/scenarios/a.yaml"))
        #expect(throws: CommandError.self) { try found() }
        try Data("scenario: own/one\n".utf8).write(to: URL(filePath: "\(root)/here/scenarios/b.yaml"))
        #expect(try found() == "\(root)/here/scenarios")
    }

    @Test("Compiled drivers lie in a clone's build folder, and for an installed program in the user's cache")
    func peerCache() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("clone/.build/release", "prefix/bin")
        try Data().write(to: URL(filePath: "\(root)/clone/Package.swift"))
        let installed = "\(root)/prefix/bin/countersign"
        #expect(
            PeerCache.folder(executable: "\(root)/clone/.build/release/countersign", ["HOME": "/h"]) == ".build/peers"
        )
        #expect(PeerCache.folder(executable: installed, ["HOME": "/h"]) == "/h/.cache/countersign/peers")
        let both = ["HOME": "/h", "XDG_CACHE_HOME": "/c"]
        #expect(PeerCache.folder(executable: installed, both) == "/c/countersign/peers")
        #expect(
            PeerCache.folder(executable: installed, ["HOME": "/h", "XDG_CACHE_HOME": "c"])
                == "/h/.cache/countersign/peers"
        )
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
