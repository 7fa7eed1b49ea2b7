import DamagedKeys
import Foundation
import Testing

@Suite("Secrets in the output of commands")
final class SecretCommandTests {
    private let program: Program

    init() throws {
        program = try Program()
        let recipe = "pki:\n  root: {ca: true}\n  server: {issuer: root, dns: [localhost]}\n"
        try Data(recipe.utf8).write(to: program.folder.appending(path: "recipe.yaml"))
        let minted = try program.run("pki", "recipe.yaml", "--out", "pki")
        #expect(minted.status == 0, "\(minted.errors)")
    }

    deinit {
        program.remove()
    }

    /// One way of naming a file to a command; `KEY` is the file.
    static let commands: [[String]] = [
        ["doctor", "--json", "KEY"], ["doctor", "--cert", "pki/server.crt", "--key", "KEY", "--ca", "KEY"],
        ["doctor", "--cert", "KEY", "--crl", "KEY", "--peer-ca", "KEY"], ["doctor", "KEY.conf"],
        [
            "serve", "--listen", "127.0.0.1:0", "--client-auth", "NoClientCert", "--cert", "pki/server.crt", "--key",
            "KEY",
        ],
        ["serve", "--listen", "127.0.0.1:0", "--client-auth", "NoClientCert", "--cert", "KEY", "--key", "KEY"],
        [
            "serve", "--listen", "127.0.0.1:0", "--client-auth", "RequireAndVerifyClientCert", "--cert",
            "pki/server.crt",
            "--key", "pki/server.key", "--client-ca", "KEY",
        ],
        ["connect", "127.0.0.1:1", "--ca", "pki/root.crt", "--cert", "pki/server.crt", "--key", "KEY", "--json"],
        ["connect", "127.0.0.1:1", "--ca", "KEY"],
        ["connect", "127.0.0.1:1", "--ca", "pki/root.crt", "--sessions", "KEY"],
        ["probe", "127.0.0.1:1", "--cert", "KEY", "--key", "KEY"],
        ["pki", "KEY", "--out", "other"], ["report", "KEY"], ["compare", "KEY", "KEY"],
        [
            "run", "--target", "127.0.0.1:1", "--mode", "NoClientCert", "--issuer-cert", "pki/root.crt", "--issuer-key",
            "KEY",
        ],
    ]

    @Test("No command shows 12 bytes of a key, however damaged", arguments: commands)
    func commands(command: [String]) throws {
        for (number, key) in DamagedKey.all.enumerated() {
            try write(key, "\(number)")
            try write(key, "\(number).conf")
            let outcome = try program.run(command.map { $0.replacing("KEY", with: "\(number)") })
            #expect(
                KeyLeak.find(in: outcome.output + outcome.errors) == nil,
                "\(key): \(command.joined(separator: " "))"
            )
        }
    }

    @Test("explain shows no key that stands in what it is asked about")
    func explain() throws {
        for key in DamagedKey.all {
            let text = String(decoding: key.bytes, as: UTF8.self)
            guard !text.contains("\0"), !text.hasPrefix("-") else { continue }
            let outcome = try program.run("explain", "--scenarios", "scenarios", text)
            #expect(KeyLeak.find(in: outcome.output + outcome.errors) == nil, "\(key)")
        }
    }

    @Test("serve --reload logs no key that its files are replaced with")
    func reload() throws {
        for name in ["server.crt", "server.key"] {
            try FileManager.default.copyItem(
                at: program.folder.appending(path: "pki/\(name)"),
                to: program.folder.appending(path: "live-\(name)")
            )
        }
        let errors = program.folder.appending(path: "reload.stderr")
        try Data().write(to: errors)
        let process = Process()
        let output = Pipe()
        process.executableURL = Program.executable
        process.arguments = [
            "serve", "--listen", "127.0.0.1:0", "--client-auth", "NoClientCert", "--cert", "live-server.crt", "--key",
            "live-server.key", "--reload", "--json",
        ]
        process.currentDirectoryURL = program.folder
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        defer { if process.isRunning { process.terminate() } }
        let first = output.fileHandleForReading.availableData
        let port = try #require((try JSONSerialization.jsonObject(with: first) as? [String: Any])?["port"] as? Int)
        var text = ""
        for name in ["newlines became blanks", "bare carriage returns", "newlines lost", "as a certificate"] {
            let key = try #require(DamagedKey.all.first { $0.name == "plain, \(name)" })
            try write(key, "live-server.key")
            try write(key, "live-server.crt")
            // Files are looked at when a client comes, and the replacement is told then.
            let client = try program.run("connect", "127.0.0.1:\(port)", "--insecure-skip-verify")
            text += client.output + client.errors
        }
        process.interrupt()
        process.waitUntilExit()
        text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        text += program.contents("reload.stderr")
        #expect(text.contains("\"event\":\"reload\""))
        #expect(KeyLeak.find(in: text) == nil)
    }

    private func write(_ key: DamagedKey, _ name: String) throws {
        let file = program.folder.appending(path: name)
        try Data(key.bytes).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path())
    }
}
