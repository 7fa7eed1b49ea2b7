import Foundation
import Glibc
import PeerPrograms
import Testing

@Suite("Each option of serve and connect")
struct ServeOptionsTests {
    private struct Files {
        let folder: String
        let remove: @Sendable () -> Void

        init() async throws {
            let made = FileManager.default.temporaryDirectory.appending(path: "countersign-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
            folder = made.path(percentEncoded: false)
            remove = { try? FileManager.default.removeItem(at: made) }
            let recipe = """
                pki:
                  root: {ca: true}
                  mid: {issuer: root, ca: true}
                  server: {issuer: root, ip: [127.0.0.1], eku: [serverAuth]}
                  renewed: {issuer: root, ip: [127.0.0.1], eku: [serverAuth]}
                  other: {issuer: root, dns: [other.test], eku: [serverAuth]}
                  wild: {issuer: root, dns: ["*.wild.test"], eku: [serverAuth]}
                  below: {issuer: mid, ip: [127.0.0.1], eku: [serverAuth]}
                  client: {issuer: root, cn: alice, eku: [clientAuth]}
                  revoked: {issuer: root, cn: bob, eku: [clientAuth]}
                  svid: {issuer: root, cn: carol, uri: ["spiffe://test/billing"], eku: [clientAuth]}
                  two-ids:
                    issuer: root
                    cn: dave
                    uri: ["spiffe://test/billing", "spiffe://test/admin"]
                    eku: [clientAuth]
                  signing:
                    issuer: root
                    cn: erin
                    uri: ["spiffe://test/billing"]
                    ku: [digitalSignature, keyCertSign]
                    eku: [clientAuth]
                crls:
                  list: {issuer: root, revokes: [revoked]}
                """
            try Data(recipe.utf8).write(to: made.appending(path: "recipe.yaml"))
            let minted = try await PeerPKI.countersign.run(["pki", "recipe.yaml", "--out", ".", "--force"], in: folder)
            try #require(minted.status == 0, "\(minted.errors)")
        }

        func copy(_ source: String, to target: String) throws {
            let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(source)"))
            try bytes.write(to: URL(filePath: "\(folder)/\(target)"))
        }

        func connect(_ port: Int, _ options: String...) async throws -> (status: Int32, told: [String: Any]) {
            let outcome = try await PeerPKI.countersign.run(
                ["connect", "127.0.0.1:\(port)", "--json"]
                    + options.flatMap { $0.split(separator: " ").map(String.init) },
                in: folder
            )
            let told = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            return (outcome.status, try #require(told, "\(outcome.errors)"))
        }
    }

    private static let trusted = "--ca root.crt --cert client.crt --key client.key"

    private func serving(_ options: String, _ body: (Files, Int, RunningProgram) async throws -> Void) async throws {
        let files = try await Files()
        defer { files.remove() }
        try files.copy("server.crt", to: "live.crt")
        try files.copy("server.key", to: "live.key")
        let server = try PeerPKI.countersign.start(
            ["serve", "--json"] + options.split(separator: " ").map(String.init),
            in: files.folder
        )
        try #require(await server.hasWritten("listening"), "\(server.errors)")
        let line = try #require(server.output.split(separator: "\n").first)
        let told = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        try await body(files, try #require(told?["port"] as? Int), server)
        server.signal(SIGINT)
        #expect(await server.end() == 0)
    }

    private func name(_ told: [String: Any]) -> String? { (told["peer"] as? [String: Any])?["commonName"] as? String }

    private func served(_ files: Files, _ port: Int) async throws -> String? {
        name(try await files.connect(port, Self.trusted).told)
    }

    private static let verifying =
        "--cert live.crt --key live.key --client-auth RequireAndVerifyClientCert --client-ca root.crt"

    @Test("--sni serves another identity for a name and for a wildcard, and the first one otherwise")
    func sni() async throws {
        let options = "\(Self.verifying) --sni other.test=other.crt,other.key --sni *.wild.test=wild.crt,wild.key"
        try await serving(options) { files, port, server in
            for (options, expected) in [
                ("", "server"), ("--server-name other.test", "other"), ("--server-name a.wild.test", "wild"),
            ] {
                let (status, told) = try await files.connect(port, Self.trusted, options)
                #expect(status == 0)
                #expect(name(told) == expected)
                #expect(told["sni"] as? String == options.split(separator: " ").last.map(String.init))
            }
            #expect(await server.hasWritten(#""sni":"a.wild.test""#))
        }
    }

    @Test("--crl refuses whom the list names, and the client is told")
    func revocation() async throws {
        try await serving("\(Self.verifying) --crl list.crl") { files, port, _ in
            let good = try await files.connect(port, Self.trusted)
            #expect(good.status == 0)
            let (status, told) = try await files.connect(port, "--ca root.crt --cert revoked.crt --key revoked.key")
            #expect(status == 1)
            #expect(told["alertReceived"] as? String == "certificate_revoked")
        }
    }

    @Test("--min-tls and --max-tls bound both sides")
    func versions() async throws {
        try await serving("\(Self.verifying) --min-tls 1.3") { files, port, _ in
            let (status, told) = try await files.connect(port, Self.trusted, "--max-tls 1.2")
            #expect(status == 1)
            #expect(told["alertReceived"] as? String == "protocol_version")
        }
        try await serving("\(Self.verifying) --max-tls 1.2") { files, port, _ in
            let (_, told) = try await files.connect(port, Self.trusted)
            #expect(told["version"] as? String == "1.2")
            let (status, _) = try await files.connect(port, Self.trusted, "--min-tls 1.3")
            #expect(status == 1)
        }
    }

    @Test("--chain brings the intermediates that are in a file of their own")
    func chain() async throws {
        let below = "--cert below.crt --key below.key --client-auth NoClientCert"
        try await serving("\(below) --chain mid.crt") { files, port, _ in
            let (status, told) = try await files.connect(port, "--ca root.crt")
            #expect(status == 0)
            #expect((told["peer"] as? [String: Any])?["chainLength"] as? Int == 3)
        }
        try await serving(below) { files, port, _ in
            let (status, told) = try await files.connect(port, "--ca root.crt")
            #expect(status == 1)
            #expect(told["alertSent"] as? String == "unknown_ca")
        }
    }

    @Test("--reload serves renewed files to the next connection, and keeps the last good pair meanwhile")
    func reload() async throws {
        try await serving("\(Self.verifying) --reload") { files, port, server in
            #expect(try await served(files, port) == "server")
            try files.copy("renewed.crt", to: "live.crt")
            #expect(try await served(files, port) == "server")
            #expect(await server.hasWritten("Expected the private key of CN=renewed"))
            try files.copy("renewed.key", to: "live.key")
            #expect(try await served(files, port) == "renewed")
        }
        try await serving(Self.verifying) { files, port, _ in
            try files.copy("renewed.crt", to: "live.crt")
            try files.copy("renewed.key", to: "live.key")
            #expect(try await served(files, port) == "server")
        }
    }

    @Test("--insecure-skip-verify takes a server of nobody's, and says that it is not verified")
    func insecure() async throws {
        try await serving(Self.verifying) { files, port, _ in
            let (status, told) = try await files.connect(
                port,
                "--insecure-skip-verify --cert client.crt --key client.key"
            )
            #expect(status == 0)
            #expect((told["peer"] as? [String: Any])?["verified"] as? Bool == false)
        }
    }

    @Test("What is missing or wrong ends with 2 before anything is bound or dialed, and says what to give")
    func usage() async throws {
        let files = try await Files()
        defer { files.remove() }
        for (arguments, words) in [
            (
                "serve --cert server.crt --key server.key --client-auth VerifyClientCertIfGiven",
                "give them with --client-ca FILE"
            ),
            ("serve --cert server.crt --key server.key --client-auth NoClientCert --listen nowhere", "--listen"),
            ("serve --cert none.crt --key server.key --client-auth NoClientCert", "none.crt"),
            ("serve --cert server.crt --key server.key --client-auth NoClientCert --sni a", "NAME=CERT,KEY"),
            ("connect 127.0.0.1:1", "give them with --ca FILE"),
            ("connect 127.0.0.1 --ca root.crt", "HOST:PORT"),
            ("connect 127.0.0.1:1 --ca none.crt", "none.crt"),
        ] {
            let outcome = try await PeerPKI.countersign.run(
                arguments.split(separator: " ").map(String.init),
                in: files.folder
            )
            #expect(outcome.status == 2, "\(arguments)")
            #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
        }
        let nobody = try await files.connect(1, "--ca root.crt")
        #expect(nobody.status == 1)
        #expect(nobody.told["phase"] as? String == "connect")
        #expect((nobody.told["reason"] as? String)?.contains("Connection refused (errno 111)") == true)
    }

    @Test("A connection's line has the SPIFFE ID of an X509-SVID, and says why another certificate has none")
    func spiffeID() async throws {
        let expected: [(client: String, name: String, id: String?, remark: String?)] = [
            ("svid", "carol", "spiffe://test/billing", nil),
            ("two-ids", "dave", nil, "it has no SPIFFE ID: it has 2 URIs, where an X509-SVID has exactly one"),
            ("signing", "erin", nil, "it has no SPIFFE ID: it may sign certificates or revocation lists"),
        ]
        try await serving(Self.verifying) { files, port, server in
            for row in expected {
                let options = "--ca root.crt --cert \(row.client).crt --key \(row.client).key"
                #expect(try await files.connect(port, options).status == 0)
                let name = "\"commonName\":\"\(row.name)\""
                // The line's end is written with it.
                try #require(await server.hasWritten(name), "\(server.errors)")
                let line = try #require(server.output.split(separator: "\n").first { $0.contains(name) })
                let told = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                let peer = try #require(told?["peer"] as? [String: Any])
                #expect(peer["spiffeID"] as? String == row.id)
                let remarks = try #require(peer["remarks"] as? [String])
                #expect(remarks.count == (row.remark == nil ? 0 : 1))
                #expect(remarks.allSatisfy { $0.hasPrefix(row.remark ?? "") })
            }
        }
    }
}
