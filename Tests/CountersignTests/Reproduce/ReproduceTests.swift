import Campaign
import Foundation
import Reproduction
import Testing

@Suite("reproduce, as a user runs it")
struct ReproduceTests {
    private static let refused = "client-auth/small/RequireAndVerify/none/v1/tls1.3/gnutls/gnutls"
    private static let accepted = "client-auth/small/RequireAndVerify/valid/v1/tls1.3/gnutls/gnutls"

    private static let changes = """
        scenario: rotation/small
        title: What changes between two connections
        source: [{rfc: 8446, section: 4.2.11}]
        pki:
          root: {ca: true}
          server: {issuer: root, dns: [server.test], eku: [serverAuth]}
          server-expired: {issuer: root, dns: [server.test], eku: [serverAuth], valid: {from: -48h, to: -24h}}
          client: {issuer: root, eku: [clientAuth]}
        axes:
          change:
            nothing:
              steps: [connect, exchange, close, {reconnect: {resume: true}}, exchange]
            server-to-expired:
              steps: [connect, exchange, close, {rotate: {side: server, to: server-expired}}, connect, exchange]
            clock-moves:
              steps: [connect, exchange, close, {clock: {advance: 25h}}, connect, exchange]
          tls: all
          pairing: [countersign/countersign]
        server:
          identity: server
          clientAuth: RequireAndVerifyClientCert
          clientCAs: [root]
          sessions: {lifetime: 24h}
        client: {identity: client, rootCAs: [root], serverName: server.test, sessions: {lifetime: 24h}}
        control: {change: nothing}

        """

    /// A scenario whose text is hostile to a shell, and one whose entry would lead out of the folder.
    private static func hostile(entry: String = "server", sni: String = "server.test") -> String {
        """
        scenario: hostile/text
        title: Text of a scenario stays text
        source: [{rfc: 8446, section: 4.4.2}]
        pki:
          root: {ca: true}
          "\(entry)": {issuer: root, dns: [server.test], eku: [serverAuth]}
        axes:
          tls: [1.3]
          pairing: [gnutls/gnutls]
        server: {identity: "\(entry)"}
        client: {rootCAs: [root], serverName: server.test, sni: "\(sni)"}

        """
    }

    /// A program whose catalogue has a hostile scenario.
    private func hostileProgram(_ scenario: String) throws -> Program {
        let program = try Program()
        for folder in ["hostile", "failure-modes"] {
            try FileManager.default.createDirectory(
                at: program.folder.appending(path: "scenarios/\(folder)"),
                withIntermediateDirectories: false
            )
        }
        try Data(scenario.utf8).write(to: program.folder.appending(path: "scenarios/hostile/text.yaml"))
        return program
    }

    @Test(
        "Nothing that a scenario says is read by the shell of a replay",
        arguments: ["x$(>pwned)", "x`>pwned`", "$port", "x'; >pwned; '", "a b"]
    )
    func shellWords(_ sni: String) throws {
        let program = try hostileProgram(Self.hostile(sni: sni))
        defer { program.remove() }
        let outcome = try program.run("reproduce", "hostile/text/tls1.3/gnutls/gnutls", "--out", "rep")
        try #require(outcome.status == 0, "\(outcome.errors)")
        let folder = program.folder.appending(path: "rep")
        #expect(program.contents("rep/replay.sh").contains("-servername '"))
        _ = try replayed(folder, code: 0)
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "pwned").path()))
    }

    @Test("An entry whose name leads out of the folder is refused by its name, and nothing is written there")
    func names() throws {
        let program = try hostileProgram(Self.hostile(entry: "../../escaped"))
        defer { program.remove() }
        let outcome = try program.run("reproduce", "hostile/text/tls1.3/gnutls/gnutls", "--out", "a/rep")
        #expect(outcome.status == 2)
        #expect(
            outcome.errors
                == "countersign: “../../escaped.crt” can't name a file in a/rep/pki: expected 1 to 255 bytes without a "
                + "slash; rename the entry in the scenario\n"
        )
        #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "a/escaped.key").path()))
    }

    @Test("A link in the place of the folder, or of the one for keys in it, is refused", arguments: ["rep", "rep/pki"])
    func links(_ link: String) throws {
        let program = try hostileProgram(Self.hostile())
        defer { program.remove() }
        let files = FileManager.default
        try files.createDirectory(at: program.folder.appending(path: "elsewhere"), withIntermediateDirectories: false)
        if link != "rep" {
            try files.createDirectory(at: program.folder.appending(path: "rep"), withIntermediateDirectories: false)
        }
        try files.createSymbolicLink(
            at: program.folder.appending(path: link),
            withDestinationURL: program.folder.appending(path: "elsewhere")
        )
        let folder = try OutputFolderCall.write(program.folder.appending(path: "rep").path())
        #expect(folder.hasSuffix("/\(link): expected a folder to write into, found a link or a file; choose another"))
        #expect(try files.contentsOfDirectory(atPath: program.folder.appending(path: "elsewhere").path()).isEmpty)
    }

    private func reproduced(_ id: String) throws -> (program: Program, folder: URL) {
        let program = try Program()
        try FileManager.default.createDirectory(
            at: program.folder.appending(path: "scenarios/rotation"),
            withIntermediateDirectories: false
        )
        try Data(Self.changes.utf8).write(to: program.folder.appending(path: "scenarios/rotation/small.yaml"))
        try FileManager.default.createDirectory(
            at: program.folder.appending(path: "scenarios/failure-modes"),
            withIntermediateDirectories: true
        )
        let outcome = try program.run("reproduce", id, "--out", "rep", "--seed", "7")
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("rep: passed; "))
        return (program, program.folder.appending(path: "rep"))
    }

    @Test(
        "The replay with openssl and no other program ends as the README says",
        arguments: [(refused, 1), (accepted, 0)] as [(String, Int32)]
    )
    func replay(id: String, code: Int32) throws {
        let (program, folder) = try reproduced(id)
        defer { program.remove() }
        let text = try replayed(folder, code: code)
        #expect(program.contents("rep/expected-exit-code") == "\(code)\n")
        #expect(text.hasSuffix(code == 0 ? "accepted\n" : "refused\n"), "\(text)")
    }

    @Test(
        "The replay of a change plays each connection with the settings that it had",
        arguments: [
            ("nothing", 0, "accepted\n", "accepted, resumed\n"),
            ("server-to-expired", 1, "accepted\n", "client: verify error:num=10:certificate has expired"),
            ("clock-moves", 1, "accepted\n", "verify error:num=10:certificate has expired"),
        ] as [(String, Int32, String, String)],
        ["tls1.2", "tls1.3"]
    )
    func changes(change: (name: String, code: Int32, begins: String, shows: String), version: String) throws {
        let (program, folder) = try reproduced("rotation/small/\(change.name)/\(version)/countersign/countersign")
        defer { program.remove() }
        let text = try replayed(folder, code: change.code)
        #expect(text.hasPrefix(change.begins), "\(text)")
        #expect(text.contains(change.shows), "\(text)")
        #expect(text.hasSuffix(change.code == 0 ? "accepted, resumed\n" : "refused\n"), "\(text)")
    }

    /// Plays in an empty environment, where PATH has openssl and nothing else.
    private func replayed(_ folder: URL, code: Int32) throws -> String {
        let path = folder.appending(path: "only-openssl")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: path.appending(path: "openssl").path(),
            withDestinationPath: "/usr/bin/openssl"
        )
        let process = Process()
        process.executableURL = folder.appending(path: "replay.sh")
        process.environment = ["PATH": path.path()]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == code, "\(text)")
        return text
    }

    @Test("A run that fails leaves a folder for each failed case, and its replay shows what is right")
    func kept() throws {
        let (program, _) = try reproduced(Self.accepted)
        defer { program.remove() }
        let scenarios = program.folder.appending(path: "scenarios/client-auth")
        // GnuTLS answers a missing certificate with decode_error in TLS 1.2, and no deviation of this catalogue says so.
        let older = program.contents("scenarios/client-auth/small.yaml")
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("scenario:") ? "scenario: client-auth/older" : String($0) }
            .map { $0.hasPrefix("  tls:") ? "  tls: [1.2]" : $0 }.joined(separator: "\n")
        try Data(older.utf8).write(to: scenarios.appending(path: "older.yaml"))
        let run = try program.run("run", "client-auth/older", "--keep", "failures", "--keep-dir", "kept", "--jobs", "1")
        #expect(run.status == 1, "\(run.output)\(run.errors)")
        let kept = try FileManager.default.contentsOfDirectory(atPath: program.folder.appending(path: "kept").path())
        #expect(kept == ["client-auth--older--RequireAndVerify--none--v1--tls1.2--gnutls--gnutls"])
        let name = try #require(kept.first)
        #expect(program.contents("kept/\(name)/README.md").contains("verdict: failed"))
        let text = try replayed(program.folder.appending(path: "kept/\(name)"), code: 1)
        #expect(text.contains("sslv3 alert handshake failure"), "\(text)")
    }

    @Test("Files with secrets are for their owner alone, and the README says that keys are throwaway")
    func secrets() throws {
        let (program, folder) = try reproduced(Self.accepted)
        defer { program.remove() }
        for name in ["pki/valid.key", "pki/server.key", "pki/client-valid.key", "keylog.txt", "capture.pcapng"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path())
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        #expect(program.contents("rep/README.md").contains("The private keys in this folder are throwaway"))
        #expect(program.contents("rep/keylog.txt").contains("CLIENT_HANDSHAKE_TRAFFIC_SECRET"))
        #expect(program.contents("rep/flights.txt").contains("handshake: client_hello"))
    }

    @Test(
        "tshark decrypts the capture with the secrets inside it",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tshark"))
    )
    func capture() throws {
        let (program, folder) = try reproduced(Self.refused)
        defer { program.remove() }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/tshark")
        process.arguments = [
            "-r", folder.appending(path: "capture.pcapng").path(), "-T", "fields", "-e", "tls.alert_message.desc",
        ]
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        // The alert of a TLS 1.3 server is encrypted; certificate_required is 116.
        #expect(text.split(separator: "\n").contains("116"), "\(text)")
    }

    @Test("A folder that isn't empty, an unknown id and the start of several ids are wrong usage")
    func usage() throws {
        let (program, _) = try reproduced(Self.accepted)
        defer { program.remove() }
        let again = try program.run("reproduce", Self.accepted, "--out", "rep")
        #expect(again.status == 2)
        #expect(again.errors.contains("expected a new or empty folder"))
        #expect(try program.run("reproduce", "client-auth/unknown", "--out", "other").status == 2)
        let several = try program.run("reproduce", "client-auth/small", "--out", "other")
        #expect(several.status == 2)
        #expect(several.errors.contains("give the whole id of one case"))
    }
}

/// The words of a folder for output when it is written to as a reproduction does.
private enum OutputFolderCall {
    static func write(_ path: String) throws -> String {
        do {
            try OutputFolder(path).folder("pki").write("server.key", Data("secret".utf8), mode: 0o600)
            return "written"
        } catch let error as CommandError {
            return error.message
        }
    }
}
