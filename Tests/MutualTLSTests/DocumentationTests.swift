import Foundation
import Testing
import ThrowawayPKI

@testable import MutualTLS

/// A table of a documentation page, row by row.
struct DocumentedTable {
    let rows: [[String]]

    /// The first table below a heading; the page's first one without a heading.
    init(_ page: String, below heading: String = "") throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
        let start =
            heading.isEmpty ? text.startIndex : try #require(text.range(of: "\n\(heading)\n"), "\(heading)").upperBound
        rows = text[start...].split(separator: "\n").drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.dropFirst(
            2
        )
        .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    /// The columns behind the first one, of the row with this text in it.
    func row(_ text: String) throws -> [String] {
        let found = rows.filter { $0[0].contains(text) }
        try #require(found.count == 1, "one row of \(text)")
        return Array(found[0].dropFirst())
    }
}

@Suite("The documentation's words about defaults and decisions")
struct DocumentationTests {
    private static let page = "Sources/MutualTLS/Documentation.docc/Defaults.md"

    /// Each default, in the documentation's words, by what fresh settings have.
    private static func defaults() throws -> [(setting: String, value: String)] {
        let server = MutualTLSConfiguration.Server(identity: try shared.identity("server"))
        let client = MutualTLSConfiguration.Client()
        let managed = MutualTLSConfiguration.Server(manager: CertAuthManager(try shared.identity("server")))
        func off(_ isOff: Bool) -> String { isOff ? "off" : "on" }
        return [
            ("Server/clientAuth", "``ClientAuth/\(server.clientAuth)``"),
            ("Server/clientCAs", server.clientCAs == nil ? "none" : "some"),
            ("Client/rootCAs", client.rootCAs == nil ? "none" : "some"),
            ("Server/acceptableCANames", "``AcceptableCANames/\(server.acceptableCANames.source)``"),
            ("Client/presents", "``ClientPresentation/\(client.presents)``"),
            ("Server/minimumVersion", server.minimumVersion == .tls12 ? "TLS 1.2" : "another"),
            ("Server/strictSNI", off(!server.strictSNI)),
            ("Server/revocation", "\(server.revocation.snapshot.scope)"),
            ("PoolPolicy", "``PoolPolicy/\(managed.poolPolicy)``"),
            ("Server/sessions", off(try server.resolve().plan.sessions == nil)),
        ]
    }

    @Test("Each setting's documented default is the one that fresh settings have")
    func settings() throws {
        let table = try DocumentedTable(Self.page)
        let defaults = try Self.defaults()
        for (setting, value) in defaults {
            #expect(try table.row(setting).first == value, "\(setting)")
        }
        #expect(MutualTLSConfiguration.Client().minimumVersion == .tls12)
        // The other rows are about what moves bytes, which tests of its own module compare, and these two.
        let compared = defaults.map(\.setting) + ["cipher suites of TLS 1.2", "`currentTime` of all settings"]
        let library = table.rows.map { $0[0] }.filter {
            $0.contains("MutualTLSConfiguration") || $0.contains("``PoolPolicy")
        }
        for row in library { #expect(compared.contains { row.contains($0) }, "\(row)") }
    }

    @Test("Settings have the machine's clock, as documented, so that no example needs one")
    func clock() throws {
        #expect(try DocumentedTable(Self.page).row("`currentTime`").first == "``SystemClock/now``")
        let before = SystemClock.now()
        let server = MutualTLSConfiguration.Server(identity: try shared.identity("server")).currentTime()
        let client = MutualTLSConfiguration.Client().currentTime()
        let after = SystemClock.now()
        #expect(before <= server && server <= client && client <= after)
    }

    @Test("Sessions are switched on as documented, and resumed", arguments: TLSVersion.allCases)
    func sessions(version: TLSVersion) throws {
        let reason = try #require(DocumentedTable(Self.page).row("Server/sessions").last)
        #expect(reason.contains("`.scoped()` switches it on"))
        var settings = try SessionPair(version)
        settings.server.sessions = .scoped()
        settings.client.sessions = .scoped()
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        #expect(try SessionPair.connect(server, client).outcome == "full")
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
    }

    /// A leaf that breaks what a row asks, and the reason of its refusal.
    static let checks: [(row: String, credential: String, reason: ConnectionFailure.Reason)] = [
        ("trust anchors", "self-signed", .unknownAuthority),
        ("validity", "expired", .expired),
        ("key usage of the leaf", "key-encipherment", .keyUsage),
        ("key usage of the leaf", "key-agreement", .keyUsage),
        ("extended key usage", "server-auth", .purpose),
    ]

    @Test("A verification refuses what the documentation says that it refuses", arguments: checks)
    func verification(row: String, credential: String, reason: ConnectionFailure.Reason) throws {
        _ = try DocumentedTable(Self.page, below: "## What a verification asks").row(row)
        let pair = try Pairing(
            try serverSettings(.requireAndVerifyClientCert).resolve(),
            try clientSettings(try shared.identity(credential)).resolve()
        )
        pair.run()
        #expect(pair.server.failure?.reason == reason)
    }

    @Test("The page on semantics says of a key without digitalSignature that the library refuses it")
    func keyUsage() throws {
        let row = try DocumentedTable("docs/semantics.md", below: "## Client credentials in verifying modes").row(
            "without digitalSignature"
        )
        #expect(row.first?.contains("refused by the library") == true, "\(row)")
    }
}
