import Foundation
import Testing

@Suite("reproduce, as a user runs it")
struct ReproduceTests {
    private static let refused = "client-auth/small/RequireAndVerify/none/v1/tls1.3/gnutls/gnutls"
    private static let accepted = "client-auth/small/RequireAndVerify/valid/v1/tls1.3/gnutls/gnutls"

    private func reproduced(_ id: String) throws -> (program: Program, folder: URL) {
        let program = try Program()
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
        "The replay with openssl ends as the README says",
        arguments: [(refused, 1), (accepted, 0)] as [(String, Int32)]
    )
    func replay(id: String, code: Int32) throws {
        let (program, folder) = try reproduced(id)
        defer { program.remove() }
        let process = Process()
        process.executableURL = folder.appending(path: "replay.sh")
        process.environment = ["PATH": "/usr/bin:/bin"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == code, "\(text)")
        #expect(program.contents("rep/expected-exit-code") == "\(code)\n")
        #expect(text.hasSuffix(code == 0 ? "accepted\n" : "refused\n"))
    }

    @Test("Files with secrets are for their owner alone, and the README says that keys are throwaway")
    func secrets() throws {
        let (program, folder) = try reproduced(Self.accepted)
        defer { program.remove() }
        for name in ["pki/valid.key", "pki/server.key", "pki/client-identity.key", "keylog.txt", "capture.pcapng"] {
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
