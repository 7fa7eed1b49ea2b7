import MutualTLSSystems
import NIOCore
import PeerPrograms
import Testing

@Suite("The tls block of a NATS configuration")
struct NATSConfigurationTests {
    static let forms = [
        "tls { cert_file: /a, key_file: /b, verify: true }",
        "tls: {\n  cert_file = \"/a\"\n  key_file '/b'\n  verify yes\n}",
        "tls={cert_file:/a;key_file:/b;verify:on}",
        "# a comment\ntls { // another\n cert_file: /a # one more\n\n key_file: \"/b\"; verify: TRUE }",
        "TLS { Cert_File: /a, \"key_file\": \"/\\x62\", 'verify': true }",
        "port: 4222\nlogging { size: 1k, list: [a, {b: c}] }\ntls {\r\n  cert_file: /a\r\n  key_file: /b\r\n  verify: true\r\n}",
    ]

    @Test("is read in each of its forms", arguments: forms)
    func isRead(text: String) throws {
        let block = try #require(try NATSConfiguration(parsing: text).tls)
        var expected = NATSTLSBlock()
        expected.certFile = "/a"
        expected.keyFile = "/b"
        expected.verify = true
        #expect(block == expected)
    }

    @Test("has NATS's defaults")
    func defaults() throws {
        let block = try #require(try NATSConfiguration(parsing: "tls {}").tls)
        #expect(block.timeout == .seconds(2))
        #expect(!block.requiresClientCertificate)
        #expect(!block.insecure)
        #expect(block.pinnedCerts.isEmpty)
    }

    @Test(
        "reads durations in seconds, and with Go's units",
        arguments: [
            ("2", 2_000), ("0.5", 500), ("\"500ms\"", 500), ("2s", 2_000), ("1m", 60_000),
        ] as [(String, Int64)]
    )
    func durations(text: String, milliseconds: Int64) throws {
        let block = try #require(try NATSConfiguration(parsing: "tls { timeout: \(text) }").tls)
        #expect(block.timeout == .milliseconds(milliseconds))
    }

    @Test("reads pins, lists, the mapping of users, and says what has no effect")
    func others() throws {
        let pin = String(repeating: "aB", count: 32)
        let block = try #require(
            try NATSConfiguration(
                parsing: """
                    tls {
                      pinned_certs: ["\(pin)"
                        \(String(repeating: "1f", count: 32)), ]
                      verify_and_map: true, insecure: true
                      cipher_suites: ["TLS_AES_128_GCM_SHA256"]
                      curve_preferences: [ CurveP256 ]
                    }
                    """
            ).tls
        )
        #expect(block.pinnedCerts == [pin.lowercased(), String(repeating: "1f", count: 32)])
        #expect(block.requiresClientCertificate)
        #expect(block.insecure)
        #expect(block.warnings.map { $0.prefix { $0 != " " } } == ["cipher_suites", "curve_preferences"])
    }

    @Test("reads limits, with the suffixes of NATS")
    func limits() throws {
        let read = try NATSConfiguration(
            parsing: "max_payload: 8MB\nmax_pending = 16m, max_control_line: 1kb; max_subs: 0\nping_interval: \"20s\""
        )
        #expect(read.maxPayload == 8 << 20)
        #expect(read.maxPending == 16_000_000)
        #expect(read.maxControlLine == 1024)
        #expect(read.maxSubscriptions == .max)
        #expect(read.pingInterval == .seconds(20))
        let defaults = try NATSConfiguration(parsing: "")
        #expect(defaults.maxPayload == 1 << 20)
        #expect(defaults.maxControlLine == 4096)
    }

    @Test("tells where it listens, or which servers there are")
    func addresses() throws {
        let server = try NATSConfiguration(parsing: "listen: \":4333\"")
        #expect(server.host == "0.0.0.0" && server.port == 4333)
        #expect(try NATSConfiguration(parsing: "listen: 4333").port == 4333)
        #expect(try NATSConfiguration(parsing: "host: ::1\nport: -1").port == 0)
        let client = try NATSConfiguration(parsing: "servers: [\"tls://server-main:4222\", 'tls://other']")
        #expect(client.servers == ["tls://server-main:4222", "tls://other"])
    }

    static let faults: [(text: String, code: MutualTLSSystemsError.Code, line: Int, words: String)] = [
        ("tls {\n verify: true\n client_auth: true\n}", .unknownKey, 3, "verify: true"),
        ("tls {\n cert_flie: /a\n}", .unknownKey, 2, "Did you mean cert_file?"),
        ("tls {\n xyzzy: 1\n}", .unknownKey, 2, "Known are cert_file"),
        ("tls: true", .invalidValue, 1, "Expected a block"),
        ("\ntls { verify: \"true\" }", .invalidValue, 2, "without quotes"),
        ("tls { timeout: soon }", .invalidValue, 1, "a duration"),
        ("tls { timeout: -1 }", .invalidValue, 1, "a duration"),
        ("tls { pinned_certs: [\"aa\"] }", .invalidValue, 1, "SubjectPublicKeyInfo"),
        ("tls { cipher_suites: [] }", .invalidValue, 1, "at least one"),
        ("tls { cert_file: 3 }", .invalidValue, 1, "a string"),
        ("listen: \"4222x\"", .invalidValue, 1, "HOST:PORT"),
        ("listen: 1\ntls:\n  cert_file: /a", .syntax, 2, "A block opens with {"),
        ("tls {\n cert_file: /a b\n}", .syntax, 2, "found 'b'"),
        ("a: 1\ntls {\n verify: true\n", .syntax, 2, "no closing }"),
        ("tls { pinned_certs: [ a", .syntax, 1, "no closing ]"),
        ("tls { cert_file: \"/a", .syntax, 1, "no closing \""),
        ("tls { cert_file: \"\\q\" }", .syntax, 1, "escapes"),
        ("tls { cert_file: $CERT }", .syntax, 1, "the variable $CERT"),
        ("max_payload: 65mb", .invalidValue, 1, "a number from 1"),
        ("max_payload: 8q", .invalidValue, 1, "a number from 1"),
        ("authorization { users: [ { user: a, permissions { pubish: x } } ] }", .unknownKey, 1, "found pubish"),
        ("authorization { users: [ { user: a, permissions { publish: \"a..b\" } } ] }", .invalidValue, 1, "subjects"),
        ("authorization: on", .invalidValue, 1, "a block for authorization"),
        ("include ./tls.conf", .syntax, 1, "include"),
        ("tls { cert_file: (\n/a\n) }", .syntax, 1, "block string"),
        (String(repeating: "a {", count: 100), .syntax, 1, "32 blocks"),
    ]

    @Test("is refused with the line, and with the way out", arguments: faults)
    func isRefused(text: String, code: MutualTLSSystemsError.Code, line: Int, words: String) {
        let error = #expect(throws: MutualTLSSystemsError.self) { try NATSConfiguration(parsing: text) }
        #expect(error?.code == code)
        #expect(error?.line == line)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(
        "is taken and refused as nats-server takes and refuses it",
        .enabled(
            if: PeerProgram.isInstalled("nats-server"),
            "nats-server is not installed: apt-get install nats-server"
        )
    )
    func sameAsTheServer() async throws {
        let files = try NATSFiles()
        let identity =
            "cert_file: \"\(files.folder.path("server-main.crt"))\", key_file: \"\(files.folder.path("server-main.key"))\""
        let bodies = [
            "verify: false", "verify: yes, ca_file: \"\(files.folder.path("client-ca.crt"))\"", "client_auth: true",
            "verify: \"true\"", "timeout: 2", "timeout: 1.5", "timeout: \"500ms\"", "timeout: true", "unknown: 1",
            "pinned_certs: [\"aa\"]", "pinned_certs: [\"\(String(repeating: "ab", count: 32))\"]", "cipher_suites: []",
            "'verify' = off;", "verify no # comment", "verify: true b", "verify:\ntrue", "verify:\n\n  true",
            "verify\ntrue",
        ]
        let program = try #require(PeerProgram("nats-server"))
        for body in bodies {
            let text = "listen: \"127.0.0.1:-1\"\ntls {\n\(identity)\n\(body)\n}\n"
            try files.folder.write(text, to: "checked.conf")
            let outcome = try await program.run(["-t", "-c", "checked.conf"], in: files.folder.path)
            let isTaken = (try? NATSConfiguration(parsing: text)) != nil
            #expect(isTaken == (outcome.status == 0), "\(body): \(outcome.errors)")
        }
    }
}
