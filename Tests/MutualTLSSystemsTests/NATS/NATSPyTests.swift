import Foundation
import MutualTLSSystems
import PeerPrograms
import Testing

/// The calls of `Fixtures/nats_calls.py`: nats-py's own, and raw lines of the protocol.
@Suite("nats-py", .serialized, .enabled(if: NATSPy.isInstalled, NATSPy.hint))
struct NATSPyTests {
    private let files: NATSFiles

    init() throws {
        files = try NATSFiles()
    }

    @Test("gets the same from our server as from nats-server", arguments: NATSPy.Table.allCases)
    func ours(table: NATSPy.Table) async throws {
        let configuration = try NATSConfiguration(parsing: text(table))
        try await NATSServer.with(configuration) { server in
            let results = try await NATSPy.play(table, port: server.port, files.folder.path)
            compare(results, try table.recorded(), differences: NATSPy.differences)
        }
    }

    @Test(
        "gets from nats-server what the table says",
        .enabled(if: PeerProgram.isInstalled("nats-server"), "nats-server is not installed"),
        arguments: NATSPy.Table.allCases
    )
    func theirs(table: NATSPy.Table) async throws {
        try await RealNATSServerTests().with(text(table)) { _, port in
            let results = try await NATSPy.play(table, port: port, files.folder.path)
            compare(results, try table.recorded(), differences: [:])
        }
    }

    private func text(_ table: NATSPy.Table) throws -> String {
        switch table {
        case .calls: files.serverText()
        case .mapped:
            files.serverText(verify: false, more: "verify_and_map: true", users: try NATSPy.fixture("users.conf"))
        }
    }

    private func compare(_ results: [String: String], _ recorded: [String: String], differences: [String: String]) {
        #expect(results.keys.sorted() == recorded.keys.sorted())
        for (name, result) in results {
            let expected = differences[name] ?? recorded[name]
            #expect(result == expected, "\(name): \(result), expected \(expected ?? "nothing")")
        }
    }
}

enum NATSPy {
    /// A table of calls with the results of nats-server 2.9.10, which are those of 2.15.1.
    enum Table: String, CaseIterable {
        case calls, mapped

        func recorded() throws -> [String: String] { try NATSPy.results(NATSPy.fixture("nats-server-\(rawValue).txt")) }
    }

    /// A user with `orders.*` hears all of `orders.>` from nats-server, and doesn't from ours.
    static let differences = [
        "mapped: subscribe to more than is allowed":
            #"'-ERR \'Permissions Violation for Subscription to "orders.>"\'\r\n-ERR \'Permissions Violation for Subscription to ">"\'\r\n'"#,
        "mapped: hear more than is allowed":
            #"'-ERR \'Permissions Violation for Subscription to "orders.>"\'\r\n'"#,
    ]

    static let hint: Comment = "nats-py is not installed: make setup-peers"
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let packages = tests.appending(path: "../../.build/peers/nats-py").standardizedFileURL.path()

    static var isInstalled: Bool {
        PeerProgram.isInstalled("python3") && FileManager.default.fileExists(atPath: packages + "/nats/__init__.py")
    }

    static func fixture(_ name: String) throws -> String {
        try String(contentsOf: tests.appending(path: "Fixtures/\(name)"), encoding: .utf8)
    }

    static func play(_ table: Table, port: Int, _ folder: String) async throws -> [String: String] {
        let script = tests.appending(path: "Fixtures/nats_calls.py").path()
        let mapped = table == .mapped ? "mapped" : ""
        let outcome = try await #require(PeerProgram("sh")).run(
            [
                "-c", "PYTHONPATH=\"$1\" exec python3 \"$2\" \"$3\" \"$4\" server-ca.crt $5", "sh", packages, script,
                "\(port)", folder, mapped,
            ],
            in: folder
        )
        try #require(outcome.status == 0, "\(outcome.errors)")
        return try results(outcome.output)
    }

    private static func results(_ text: String) throws -> [String: String] {
        var results: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let halves = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            try #require(halves.count == 2, "\(line)")
            results[String(halves[0])] = String(halves[1])
        }
        return results
    }
}
