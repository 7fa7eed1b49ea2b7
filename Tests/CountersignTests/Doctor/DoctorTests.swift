import Foundation
import PeerPrograms
import Testing

@Suite("doctor, as a user runs it")
struct DoctorTests {
    /// The files that are looked at, the finding that must come first, and the status.
    struct Patient: CustomTestStringConvertible, Sendable {
        var arguments: String
        var id: String
        var severity = "error"
        /// The output of the finding's command, which shows the fault.
        var shows: String

        var testDescription: String { "\(id): \(arguments)" }
    }

    private static let recipe = """
        pki:
          root: {ca: true, valid: {from: -1h, to: 90d}}
          other-root: {ca: true, valid: {from: -1h, to: 90d}}
          mid: {issuer: root, ca: true, valid: {from: -1h, to: 90d}}
          old-mid: {issuer: root, ca: true, valid: {from: -72h, to: -24h}}
          old-root: {ca: true, valid: {from: -72h, to: -24h}}
          twin: {ca: true, cn: root, valid: {from: -1h, to: 90d}}
          server: {issuer: root, dns: [server.test], eku: [serverAuth], valid: {from: -1h, to: 90d}}
          cn-only: {issuer: root, cn: server.test, eku: [serverAuth]}
          address: {issuer: root, dns: ["127.0.0.1"], eku: [serverAuth]}
          client: {issuer: root, eku: [clientAuth], valid: {from: -1h, to: 90d}}
          soon: {issuer: root, eku: [clientAuth], valid: {from: -1h, to: 24h}}
          expired: {issuer: root, eku: [clientAuth], valid: {from: -72h, to: -24h}}
          future: {issuer: root, eku: [clientAuth], valid: {from: 24h, to: 72h}}
          any: {issuer: root, eku: [any], valid: {from: -1h, to: 90d}}
          v1: {issuer: root, version: 1, valid: {from: -1h, to: 90d}}
          weak: {issuer: root, eku: [clientAuth], key: rsa1024}
          cipher: {issuer: root, eku: [clientAuth], ku: [keyEncipherment]}
          critical: {issuer: root, eku: [clientAuth], unknown-critical-extension: true}
          below: {issuer: mid, eku: [clientAuth]}
          below-old: {issuer: old-mid, eku: [clientAuth]}
          by-leaf: {issuer: client, eku: [clientAuth]}
          pinned: {ca: true, eku: [clientAuth], valid: {from: -1h, to: 90d}}
          no-eku: {issuer: root, valid: {from: -1h, to: 90d}}
          short: {issuer: root, ca: true, path-length: 0}
          deeper: {issuer: short, ca: true}
          too-deep: {issuer: deeper, eku: [clientAuth]}
          narrow: {issuer: root, ca: true, name-constraints: {permitted: {dns: [example.test]}}}
          named: {issuer: narrow, dns: [other.test], eku: [serverAuth]}
          servers: {issuer: root, ca: true, eku: [serverAuth]}
          below-servers: {issuer: servers, eku: [clientAuth]}
          two-ids: {issuer: root, uri: ["spiffe://test/a", "spiffe://test/b"], eku: [clientAuth]}
          signing: {issuer: root, uri: ["spiffe://test/a"], ku: [digitalSignature, keyCertSign], eku: [clientAuth]}
          no-id: {issuer: root, uri: ["spiffe://Test/a"], eku: [clientAuth]}
          old-server: {issuer: root, dns: [server.test], eku: [serverAuth], valid: {from: -72h, to: -24h}}
        crls:
          good: {issuer: root}
          stale: {issuer: root, valid: {from: -72h, to: -24h}}
          revokes: {issuer: root, revokes: [client]}
          other: {issuer: other-root}
        """

    static let patients: [Patient] = [
        Patient(arguments: "two-ids.crt root.crt", id: "id-spiffe-svid", shows: "spiffe://test/b"),
        Patient(arguments: "signing.crt root.crt", id: "id-spiffe-svid", shows: "Certificate Sign"),
        Patient(arguments: "no-id.crt root.crt", id: "id-spiffe-svid", shows: "spiffe://Test/a"),
        Patient(arguments: "client.crt other-root.key root.crt", id: "cfg-cert-key-mismatch", shows: "\n---\n"),
        Patient(arguments: "wrong-order.pem below.key root.crt", id: "cfg-pem-order", shows: "\n---\n"),
        Patient(arguments: "expired.crt", id: "cred-expired-client", shows: "notAfter="),
        Patient(arguments: "soon.crt", id: "cred-expired-client", severity: "warning", shows: "notAfter="),
        Patient(arguments: "future.crt", id: "cred-not-yet-valid", shows: "notBefore="),
        Patient(arguments: "below-old.chain.crt", id: "path-expired-intermediate", shows: "Not After"),
        Patient(arguments: "old-root.crt", id: "path-expired-anchor", shows: "notAfter="),
        Patient(
            arguments: "--cert server.crt --role client",
            id: "cred-serverauth-only-eku",
            shows: "TLS Web Server Authentication"
        ),
        Patient(
            arguments: "--cert client.crt --role server",
            id: "cred-clientauth-only-eku",
            shows: "TLS Web Client Authentication"
        ),
        Patient(
            arguments: "any.crt --role client",
            id: "cred-any-eku-only",
            severity: "warning",
            shows: "Any Extended Key Usage"
        ),
        Patient(arguments: "cipher.crt", id: "cred-keyusage-no-digitalsignature", shows: "Key Encipherment"),
        Patient(arguments: "cn-only.crt", id: "name-cn-only-server", shows: "No extensions"),
        Patient(arguments: "address.crt", id: "name-ip-as-dns-san", shows: "DNS:127.0.0.1"),
        Patient(
            arguments: "v1.crt --role client",
            id: "cred-x509-v1-leaf",
            severity: "warning",
            shows: "Version: 1 (0x0)"
        ),
        Patient(arguments: "weak.crt", id: "cred-weak-rsa1024", shows: "(1024 bit)"),
        Patient(
            arguments: "with-root.pem client.key root.crt",
            id: "cfg-ca-in-identity-chain",
            severity: "warning",
            shows: "CA:TRUE"
        ),
        Patient(
            arguments: "--cert client.crt --key client.key --ca client.crt",
            id: "cred-leaf-pinned-in-ca-file",
            severity: "note",
            shows: "CA:FALSE"
        ),
        Patient(
            arguments: "root.crt twin.crt",
            id: "path-same-dn-ca-rotation",
            severity: "warning",
            shows: "Subject Key Identifier"
        ),
        Patient(arguments: "mid.crt", id: "path-trust-intermediate-only", severity: "warning", shows: "issuer="),
        Patient(
            arguments: "below.crt below.key root.crt",
            id: "path-missing-intermediate",
            shows: "unable to get local issuer certificate"
        ),
        Patient(arguments: "below.chain.crt below.key other-root.crt", id: "cred-wrong-ca", shows: "unable to get"),
        Patient(
            arguments: "critical.crt critical.key root.crt",
            id: "cred-critical-unknown-extension",
            shows: "unhandled critical extension"
        ),
        Patient(
            arguments: "by-leaf.pem by-leaf.key root.crt",
            id: "path-non-ca-issuer",
            shows: "invalid CA certificate"
        ),
        Patient(arguments: "client.crt client.key root.crt stale.crl", id: "path-crl-expired", shows: "nextUpdate="),
        Patient(
            arguments: "client.crt client.key root.crt revokes.crl",
            id: "path-crl-revoked",
            shows: "certificate revoked"
        ),
        Patient(
            arguments: "--cert server.crt --key server.key --ca root.crt --name other.test",
            id: "name-wrong-host",
            shows: "hostname mismatch"
        ),
        Patient(
            arguments: "--ca root.crt --peer-ca root.crt",
            id: "id-shared-ca-both-directions",
            severity: "warning",
            shows: "Fingerprint="
        ),
        Patient(arguments: "cut.pem", id: "cfg-truncated-pem", shows: "0"),
        Patient(arguments: "client.der", id: "cfg-der-instead-of-pem", shows: "cons: SEQUENCE"),
        Patient(arguments: "locked.key", id: "cfg-encrypted-key", shows: "Could not"),
        Patient(arguments: "empty.pem", id: "path-empty-pool", shows: "0000000"),
        Patient(arguments: "open.key", id: "cfg-key-file-permissions", severity: "warning", shows: "644"),
        Patient(arguments: "--ca pinned.crt", id: "cred-leaf-pinned-in-ca-file", severity: "warning", shows: "CA:TRUE"),
        Patient(arguments: "no-eku.crt --role client", id: "cred-no-eku", severity: "note", shows: "No extensions"),
        Patient(
            arguments: "client.crt client.key root.crt other.crl",
            id: "path-crl-missing",
            shows: "unable to get certificate CRL"
        ),
        Patient(
            arguments: "too-deep.pem too-deep.key root.crt",
            id: "path-pathlen",
            shows: "path length constraint exceeded"
        ),
        Patient(
            arguments: "named.chain.crt named.key root.crt",
            id: "path-nc-san-violation",
            shows: "permitted subtree violation"
        ),
        Patient(
            arguments: "below-servers.chain.crt below-servers.key root.crt",
            id: "path-ca-eku-nesting",
            shows: "unsuitable certificate purpose"
        ),
        Patient(arguments: "nats-open.conf", id: "cfg-ca-file-without-verify", shows: "ca_file"),
        Patient(arguments: "nats-roots.conf", id: "path-nil-pool-means-system-roots", shows: "verify: true"),
        Patient(arguments: "nats-careless.conf", id: "cfg-insecure-skip-verify-left-on", shows: "insecure: true"),
        Patient(arguments: "nats-mismatch.conf", id: "cfg-cert-key-mismatch", shows: "\n---\n"),
        Patient(arguments: "nats-expired.conf", id: "cred-expired-server", shows: "notAfter="),
        Patient(arguments: "nats-option.conf", id: "cfg-unknown-mtls-option", shows: "unknown field"),
        Patient(arguments: "nats-plain.conf", id: "cfg-setting-in-wrong-block", shows: "tls {"),
    ]

    /// The files stand beside the configurations.
    private static let natsBlocks = [
        ("good", "tls { cert_file: server.crt, key_file: server.key, ca_file: other-root.crt, verify: true }"),
        ("open", "tls { cert_file: server.crt, key_file: server.key, ca_file: root.crt }"),
        ("roots", "tls { cert_file: server.crt, key_file: server.key, verify: true }"),
        (
            "careless",
            "servers: [\"tls://a:4222\"]\ntls { cert_file: client.crt, key_file: client.key, insecure: true }"
        ),
        ("mismatch", "tls { cert_file: server.crt, key_file: client.key }"),
        ("expired", "tls { cert_file: old-server.crt, key_file: old-server.key }"),
        ("option", "tls { cert_file: server.crt, key_file: server.key, client_auth: true }"),
        ("plain", "cluster { tls { cert_file: server.crt, key_file: server.key } }"),
    ]

    private static let minted = Result { try mint() }

    private static func mint() throws -> Program {
        let program = try Program()
        try Data(recipe.utf8).write(to: program.folder.appending(path: "recipe.yaml"))
        let minted = try program.run("pki", "recipe.yaml", "--out", "pki")
        try #require(minted.status == 0, "\(minted.errors)")
        let folder = program.folder.appending(path: "pki")
        func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }
        func write(_ name: String, _ data: Data, mode: Int = 0o600) throws {
            let path = folder.appending(path: name).path()
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: mode]
            try #require(FileManager.default.createFile(atPath: path, contents: data, attributes: attributes))
        }
        let client = try read("client.crt")
        try write("wrong-order.pem", try read("mid.crt") + read("below.crt"))
        try write("by-leaf.pem", try read("by-leaf.crt") + client)
        try write("with-root.pem", client + read("root.crt"))
        try write("cut.pem", client.prefix(client.count / 2))
        let body = String(decoding: client, as: UTF8.self).split(separator: "\n").dropFirst().dropLast().joined()
        try write("client.der", try #require(Data(base64Encoded: body)))
        let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n"
        try write("locked.key", Data(locked.utf8))
        try write("too-deep.pem", try read("too-deep.crt") + read("deeper.crt") + read("short.crt"))
        for (name, block) in natsBlocks { try write("nats-\(name).conf", Data("port: 4222\n\(block)\n".utf8)) }
        try write("empty.pem", Data())
        try write("open.key", try read("client.key"), mode: 0o644)
        return program
    }

    @Test("Each fault is found first, with its failure mode and the command that shows it", arguments: patients)
    func finds(patient: Patient) async throws {
        let program = try Self.minted.get()
        let files = patient.arguments.split(separator: " ").map { word in
            word.contains(".") && word != "other.test" ? "pki/\(word)" : String(word)
        }
        let outcome = try program.run(["doctor", "--json"] + files)
        let first = try #require(outcome.output.split(separator: "\n").first, "\(outcome.errors)")
        let finding = try #require(try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
        #expect(finding["id"] as? String == patient.id, "\(outcome.output)")
        #expect(finding["severity"] as? String == patient.severity)
        #expect(outcome.status == (patient.severity == "error" ? 1 : 0))
        let command = try #require(finding["command"] as? String)
        let needed = command.split(separator: " ").first.map(String.init) ?? ""
        guard PeerProgram.isInstalled(needed) else { return }
        let shell = try #require(PeerProgram("bash"))
        let shown = try await shell.run(["-c", command], in: program.folder.path())
        #expect((shown.output + shown.errors).contains(patient.shows), "\(command)\n\(shown.output)\(shown.errors)")
    }

    static let healthyFiles = [
        "client.crt client.key root.crt", "server.crt server.key root.crt", "nats-good.conf",
    ]

    @Test("Good files have no errors", arguments: healthyFiles)
    func healthy(files: String) throws {
        let program = try Self.minted.get()
        let outcome = try program.run(["doctor"] + files.split(separator: " ").map { "pki/\($0)" })
        #expect(outcome.output == "no errors\n", "\(outcome.errors)")
        #expect(outcome.status == 0)
    }

    @Test("A folder is looked at as a whole: its authorities judge its certificates")
    func folder() throws {
        let program = try Self.minted.get()
        let folder = program.folder.appending(path: "healthy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        for name in ["client.crt", "client.key", "root.crt", "good.crl"] {
            let source = program.folder.appending(path: "pki/\(name)")
            try FileManager.default.copyItem(at: source, to: folder.appending(path: name))
        }
        #expect(try program.run(["doctor", folder.path()]).output == "no errors\n")
        let stale = program.folder.appending(path: "pki/stale.crl")
        try FileManager.default.copyItem(at: stale, to: folder.appending(path: "older.crl"))
        let outcome = try program.run(["doctor", folder.path()])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("[path-crl-expired]"), "\(outcome.output)")
    }

    @Test("A file that isn't there is wrong usage")
    func missing() throws {
        let outcome = try Self.minted.get().run(["doctor", "nowhere.pem"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("nowhere.pem"))
    }

    @Test("Two common names in a subject are told: stacks differ in which of them they take")
    func twoCommonNames() throws {
        let program = try Self.minted.get()
        // Made with Python's cryptography: CN=alice, then CN=bob.
        let certificate = """
            -----BEGIN CERTIFICATE-----
            MIIBPDCB46ADAgECAgEHMAoGCCqGSM49BAMCMB4xDjAMBgNVBAMMBWFsaWNlMQww
            CgYDVQQDDANib2IwIBcNMjQwMTAxMDAwMDAwWhgPMjA5OTAxMDEwMDAwMDBaMB4x
            DjAMBgNVBAMMBWFsaWNlMQwwCgYDVQQDDANib2IwWTATBgcqhkjOPQIBBggqhkjO
            PQMBBwNCAAS5g250RPCCUVdSBg7TuZl9NRNxWrwfUj+uOPfNyctNUhEb5RCd5FC2
            8//7u/o4UrXjZdLQMBmZ06JxUZYcODFLoxAwDjAMBgNVHRMBAf8EAjAAMAoGCCqG
            SM49BAMCA0gAMEUCIQDcfGqCseQTTmWUsvKOR/6BwIK8KsHWePwWCZtxZA05pwIg
            CjZZyHaKqjhJ13j019acKNORY5Xk2NzmnDpn+G234N8=
            -----END CERTIFICATE-----
            """
        try Data(certificate.utf8).write(to: program.folder.appending(path: "pki/two-names.pem"))
        let outcome = try program.run(["doctor", "pki/two-names.pem"])
        #expect(outcome.output.contains("[id-dn-rendering]"), "\(outcome.output)")
        #expect(outcome.output.contains("2 common names"), "\(outcome.output)")
    }
}
