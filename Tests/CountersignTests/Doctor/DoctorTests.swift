import Foundation
import Testing

@Suite("doctor, as a user runs it")
struct DoctorTests {
    /// What is looked at, what must be found first, and the status.
    struct Patient: CustomTestStringConvertible, Sendable {
        var arguments: String
        var id: String
        var severity = "error"

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
        crls:
          good: {issuer: root}
          stale: {issuer: root, valid: {from: -72h, to: -24h}}
          revokes: {issuer: root, revokes: [client]}
        """

    static let patients: [Patient] = [
        Patient(arguments: "client.crt other-root.key root.crt", id: "cfg-cert-key-mismatch"),
        Patient(arguments: "wrong-order.pem below.key root.crt", id: "cfg-pem-order"),
        Patient(arguments: "expired.crt", id: "cred-expired-client"),
        Patient(arguments: "soon.crt", id: "cred-expired-client", severity: "warning"),
        Patient(arguments: "future.crt", id: "cred-not-yet-valid"),
        Patient(arguments: "below-old.chain.crt", id: "path-expired-intermediate"),
        Patient(arguments: "old-root.crt", id: "path-expired-anchor"),
        Patient(arguments: "--cert server.crt --role client", id: "cred-serverauth-only-eku"),
        Patient(arguments: "--cert client.crt --role server", id: "cred-clientauth-only-eku"),
        Patient(arguments: "any.crt --role client", id: "cred-any-eku-only", severity: "warning"),
        Patient(arguments: "cipher.crt", id: "cred-keyusage-no-digitalsignature"),
        Patient(arguments: "cn-only.crt", id: "name-cn-only-server"),
        Patient(arguments: "address.crt", id: "name-ip-as-dns-san"),
        Patient(arguments: "v1.crt --role client", id: "cred-x509-v1-leaf", severity: "warning"),
        Patient(arguments: "weak.crt", id: "cred-weak-rsa1024"),
        Patient(arguments: "with-root.pem client.key root.crt", id: "cfg-ca-in-identity-chain", severity: "warning"),
        Patient(
            arguments: "--cert client.crt --key client.key --ca client.crt",
            id: "cred-leaf-pinned-in-ca-file",
            severity: "note"
        ),
        Patient(arguments: "root.crt twin.crt", id: "path-same-dn-ca-rotation", severity: "warning"),
        Patient(arguments: "mid.crt", id: "path-trust-intermediate-only", severity: "warning"),
        Patient(arguments: "below.crt below.key root.crt", id: "path-missing-intermediate"),
        Patient(arguments: "below.chain.crt below.key other-root.crt", id: "cred-wrong-ca"),
        Patient(arguments: "critical.crt critical.key root.crt", id: "cred-critical-unknown-extension"),
        Patient(arguments: "by-leaf.pem by-leaf.key root.crt", id: "path-non-ca-issuer"),
        Patient(arguments: "client.crt client.key root.crt stale.crl", id: "path-crl-expired"),
        Patient(arguments: "client.crt client.key root.crt revokes.crl", id: "path-crl-revoked"),
        Patient(arguments: "--cert server.crt --key server.key --ca root.crt --name other.test", id: "name-wrong-host"),
        Patient(arguments: "--ca root.crt --peer-ca root.crt", id: "id-shared-ca-both-directions", severity: "warning"),
        Patient(arguments: "cut.pem", id: "cfg-truncated-pem"),
        Patient(arguments: "client.der", id: "cfg-der-instead-of-pem"),
        Patient(arguments: "locked.key", id: "cfg-encrypted-key"),
        Patient(arguments: "empty.pem", id: "path-empty-pool"),
        Patient(arguments: "open.key", id: "cfg-key-file-permissions", severity: "warning"),
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
        try write("empty.pem", Data())
        try write("open.key", try read("client.key"), mode: 0o644)
        return program
    }

    @Test("Each fault is found first, with its failure mode and the command that shows it", arguments: patients)
    func finds(patient: Patient) throws {
        let program = try Self.minted.get()
        let files = patient.arguments.split(separator: " ").map { word in
            word.contains(".") && word != "other.test" ? "pki/\(word)" : String(word)
        }
        let outcome = try program.runAlone(["doctor", "--json"] + files)
        let first = try #require(outcome.output.split(separator: "\n").first, "\(outcome.errors)")
        let finding = try #require(try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
        #expect(finding["id"] as? String == patient.id, "\(outcome.output)")
        #expect(finding["severity"] as? String == patient.severity)
        #expect((finding["command"] as? String)?.isEmpty == false)
        #expect(outcome.status == (patient.severity == "error" ? 1 : 0))
    }

    @Test("Good files have no errors", arguments: ["client.crt client.key root.crt", "server.crt server.key root.crt"])
    func healthy(files: String) throws {
        let program = try Self.minted.get()
        let outcome = try program.runAlone(["doctor"] + files.split(separator: " ").map { "pki/\($0)" })
        #expect(outcome.output == "no errors\n", "\(outcome.errors)")
        #expect(outcome.status == 0)
    }

    @Test("A file that isn't there is wrong usage")
    func missing() throws {
        let outcome = try Self.minted.get().runAlone(["doctor", "nowhere.pem"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("nowhere.pem"))
    }
}

extension Program {
    /// Runs with output of its own, beside others in the same folder.
    func runAlone(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let names = ["out", "err"].map { folder.appending(path: "\(UUID().uuidString).\($0)") }
        for name in names { try Data().write(to: name) }
        process.standardOutput = try FileHandle(forWritingTo: names[0])
        process.standardError = try FileHandle(forWritingTo: names[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let texts = try names.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}
