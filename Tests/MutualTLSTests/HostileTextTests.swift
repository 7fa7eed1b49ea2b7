import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Text of a peer in messages")
struct HostileTextTests {
    static let pki = TestPKI([
        CertificateRecipe(name: "other-root", isCA: true),
        CertificateRecipe(
            name: "hostile",
            issuer: "other-root",
            subject: Subject(commonName: "a\u{202E}b\u{7}\u{9B}c\u{200B}\u{2028}d\u{E000}", organization: "\u{1B}[2J"),
            dnsNames: (0..<400).map { "name-\($0).\(String(repeating: "x", count: 60)).test" },
            extendedKeyUsages: (0..<400).map { "1.3.6.1.4.1.\($0).\($0)" }
        ),
        CertificateRecipe(name: "root", isCA: true),
        CertificateRecipe(
            name: "many-names",
            issuer: "root",
            dnsNames: (0..<400).map { "name-\($0).\(String(repeating: "x", count: 60)).test" }
        ),
        CertificateRecipe(
            name: "many-usages",
            issuer: "root",
            extendedKeyUsages: (0..<400).map { "1.3.6.1.4.1.\($0).1" }
        ),
    ])

    @Test("is a line, without anything that moves a cursor or turns the writing")
    func unsafeText() throws {
        let pair = try Pairing(server: serverSettings(), client: clientSettings(Self.pki.identity("hostile")))
        try pair.exchange()
        let failure = try #require(pair.server.failure)
        let shown = "\(failure) \(failure.message) \(try Self.pki.certificate("hostile")) "
        for scalar in shown.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse:
                Issue.record("found \(scalar.escaped(asASCII: true))")
            default: break
            }
        }
        #expect(shown.contains(#"a\u{202E}b"#))
        #expect(failure.message.utf8.count < 1_000)
    }

    @Test("is no longer for a server with 400 names, or 400 purposes", arguments: ["many-names", "many-usages"])
    func manyNames(name: String) throws {
        var client = try clientSettings()
        client.rootCAs = try Self.pki.pool("root")
        let pair = try Pairing(server: serverSettings(.noClientCert, identity: Self.pki.identity(name)), client: client)
        try pair.exchange()
        let failure = try #require(pair.client.failure)
        #expect(failure.message.utf8.count < 1_000)
        #expect(failure.message.contains("and 396 more") || failure.reason == .nameMismatch)
    }

    @Test("is cut by its length, and escaped in the same way everywhere")
    func escapedText() {
        #expect("\(EscapedText("a\nb\u{1B}"))" == #"a\nb\u{1B}"#)
        #expect("\(EscapedText("\u{2066}Ä ü\u{2069}"))" == #"\u{2066}Ä ü\u{2069}"#)
        #expect("\(EscapedText("\u{FEFF}\u{10FFFF}\u{378}"))" == #"\u{FEFF}\u{0010FFFF}\u{0378}"#)
        #expect(EscapedText(String(repeating: "x", count: 50_000)).description.count == 121)
        #expect(EscapedText("x" + String(repeating: "\u{301}", count: 50_000)).description.unicodeScalars.count == 121)
        #expect(EscapedText.list(["a", "b", "c", "d", "e"]) == "a, b, c, d and 1 more")
    }
}
