import Foundation
import Testing

@Suite("serve, connect and pki, as a user runs them")
final class NetworkCommandTests {
    private let program: Program

    deinit {
        program.remove()
    }

    init() throws {
        program = try Program()
        let recipe = """
            pki:
              root: {ca: true}
              server: {issuer: root, ip: [127.0.0.1], eku: [serverAuth]}
              client: {issuer: root, cn: alice, eku: [clientAuth]}
            """
        try Data(recipe.utf8).write(to: program.folder.appending(path: "recipe.yaml"))
        let minted = try program.run("pki", "recipe.yaml", "--out", "pki")
        #expect(minted.status == 0, "\(minted.errors)")
    }

    @Test("pki writes private keys for their owner alone")
    func keyModes() throws {
        let key = program.folder.appending(path: "pki/client.key").path()
        let attributes = try FileManager.default.attributesOfItem(atPath: key)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("serve tells of each connection, and connect of its own side")
    func connection() throws {
        let server = try RunningServer(
            [
                "--cert", "pki/server.crt", "--key", "pki/server.key", "--client-ca", "pki/root.crt",
                "--client-auth", "RequireAndVerifyClientCert",
            ],
            in: program.folder
        )
        let address = "127.0.0.1:\(server.port)"

        let accepted = try program.run(
            "connect",
            address,
            "--ca",
            "pki/root.crt",
            "--cert",
            "pki/client.crt",
            "--key",
            "pki/client.key",
            "--json"
        )
        #expect(accepted.status == 0, "\(accepted.errors)")
        let told = try server.nextLine()
        #expect(told["accepted"] as? Bool == true)
        #expect((told["peer"] as? [String: Any])?["commonName"] as? String == "alice")
        #expect((told["peer"] as? [String: Any])?["verified"] as? Bool == true)

        let refused = try program.run("connect", address, "--ca", "pki/root.crt", "--json")
        #expect(refused.status == 1)
        #expect(refused.output.contains("\"alertReceived\":\"certificate_required\""))
        #expect(try server.nextLine()["alertSent"] as? String == "certificate_required")
        #expect(server.stop() == 0)
    }

    @Test(
        "connect resumes the session that it kept, with the certificate that it was granted for alone",
        arguments: ["1.2", "1.3"]
    )
    func sessions(version: String) throws {
        let server = try RunningServer(
            [
                "--cert", "pki/server.crt", "--key", "pki/server.key", "--client-ca", "pki/root.crt",
                "--client-auth", "VerifyClientCertIfGiven", "--session-lifetime", "600",
                "--min-tls", version, "--max-tls", version,
            ],
            in: program.folder
        )
        let address = "127.0.0.1:\(server.port)"
        let credential = ["--cert", "pki/client.crt", "--key", "pki/client.key"]
        func resumes(_ credential: [String]) throws -> Bool? {
            let arguments = ["connect", address, "--ca", "pki/root.crt", "--sessions", "kept", "--json"] + credential
            let outcome = try program.run(arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let told = try server.nextLine()
            #expect((told["peer"] as? [String: Any])?["commonName"] as? String == (credential.isEmpty ? nil : "alice"))
            return told["resumed"] as? Bool
        }
        #expect(try resumes(credential) == false)
        #expect(try resumes(credential) == true)
        #expect(try resumes([]) == false)
        let kept = program.folder.appending(path: "kept").path()
        #expect(try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int == 0o600)
        #expect(server.stop() == 0)
    }

    @Test("A file of sessions that is something else ends connect with 2")
    func noSessions() throws {
        try Data("nonsense".utf8).write(to: program.folder.appending(path: "kept"))
        let outcome = try program.run("connect", "127.0.0.1:1", "--ca", "pki/root.crt", "--sessions", "kept")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("Expected the exported sessions of a client"))
    }

    @Test("A key of another certificate ends serve with 2, naming both files")
    func mismatchedKey() throws {
        let outcome = try program.run(
            "serve",
            "--cert",
            "pki/server.crt",
            "--key",
            "pki/client.key",
            "--client-auth",
            "NoClientCert"
        )
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("countersign: pki/server.crt, pki/client.key: Expected the private key of"))
    }

    @Test("An unknown mode ends serve with 2, and the nearest one is named")
    func unknownMode() throws {
        let outcome = try program.run(
            "serve",
            "--cert",
            "pki/server.crt",
            "--key",
            "pki/server.key",
            "--client-auth",
            "RequireAndVerify"
        )
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("did you mean RequireAndVerifyClientCert?"))
    }
}

/// A `countersign serve --json` whose lines are read as they come.
final class RunningServer {
    let port: Int
    private let process = Process()
    private let output = Pipe()
    private var buffered = Data()

    init(_ arguments: [String], in folder: URL) throws {
        process.executableURL = Program.executable
        process.arguments = ["serve", "--listen", "127.0.0.1:0", "--json"] + arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let line = try Self.line(from: output, &buffered)
        port = try #require(line["port"] as? Int)
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    func nextLine() throws -> [String: Any] { try Self.line(from: output, &buffered) }

    func stop() -> Int32 {
        process.interrupt()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private static func line(from pipe: Pipe, _ buffered: inout Data) throws -> [String: Any] {
        while true {
            if let end = buffered.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(buffered[..<end])
                buffered = Data(buffered[(end + 1)...])
                return try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            }
            let more = pipe.fileHandleForReading.availableData
            try #require(!more.isEmpty, "serve ended before its next line")
            buffered += more
        }
    }
}
