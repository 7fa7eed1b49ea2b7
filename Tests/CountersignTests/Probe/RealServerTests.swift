import Foundation
import PeerPrograms
import Testing

/// A probe before its real subjects: servers and clients that others have written.
@Suite("A probe of real programs")
final class RealServerTests {
    private let program: Program

    deinit {
        program.remove()
    }

    init() throws {
        program = try Program()
        let recipe = """
            pki:
              root: {ca: true}
              server: {issuer: root, key: rsa2048, dns: [localhost], ip: [127.0.0.1], eku: [serverAuth]}
              renewed: {issuer: root, key: rsa2048, dns: [localhost], ip: [127.0.0.1], eku: [serverAuth]}
              client: {issuer: root, cn: alice, eku: [clientAuth]}
            """
        try Data(recipe.utf8).write(to: program.folder.appending(path: "recipe.yaml"))
        let minted = try program.run("pki", "recipe.yaml", "--out", "pki")
        #expect(minted.status == 0, "\(minted.errors)")
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: program.folder.appending(path: name))
    }

    /// The number behind the text in what a program writes.
    private func port(_ running: RunningProgram, behind text: String) async throws -> String {
        // Two marks, since the number may be half-written at the first.
        #expect(await running.hasWritten(text), "\(running.output)\(running.errors)")
        let all = running.output + running.errors
        let found = try #require(all.range(of: text))
        return String(all[found.upperBound...].prefix { $0.isNumber })
    }

    @Test(
        "nats-server speaks INFO before TLS",
        .enabled(if: PeerProgram.isInstalled("nats-server")),
        arguments: ["NoClientCert", "RequireAndVerifyClientCert"]
    )
    func nats(mode: String) async throws {
        try write(
            "nats.conf",
            """
            listen: "127.0.0.1:-1"
            tls { cert_file: pki/server.crt, key_file: pki/server.key, ca_file: pki/root.crt
                  verify: \(mode == "RequireAndVerifyClientCert") }
            """
        )
        let nats = try #require(PeerProgram("nats-server"))
        let server = try nats.start(["-c", "nats.conf"], in: program.folder.path())
        #expect(await server.hasWritten("Server is ready"), "\(server.errors)")
        let port = try await port(server, behind: "client connections on 127.0.0.1:")
        let outcome = try program.run("probe", "localhost:\(port)", "--starttls", "nats", "--expect", mode)
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test(
        "stunnel speaks STARTTLS of SMTP before TLS",
        .enabled(if: PeerProgram.isInstalled("stunnel4")),
        arguments: ["NoClientCert", "RequireAndVerifyClientCert"]
    )
    func smtp(mode: String) async throws {
        // The mail server behind it greets, and knows no command.
        try write("smtp.sh", "printf '220 mail.test ESMTP\\r\\n'\nread -r line && printf '502 no\\r\\n'\n")
        try write(
            "stunnel.conf",
            """
            foreground = yes
            debug = 7
            pid =
            [probed]
            protocol = smtp
            accept = 127.0.0.1:0
            exec = /bin/sh
            execArgs = sh smtp.sh
            cert = both.pem
            \(mode == "NoClientCert" ? "" : "CAfile = pki/root.crt\nverifyChain = yes")

            """
        )
        try write("both.pem", program.contents("pki/server.crt") + program.contents("pki/server.key"))
        let stunnel = try #require(PeerProgram("stunnel4"))
        let server = try stunnel.start(["stunnel.conf"], in: program.folder.path())
        #expect(await server.hasWritten("Accepting new connections"), "\(server.errors)")
        let port = try await port(server, behind: "bound to 127.0.0.1:")
        let outcome = try program.run("probe", "localhost:\(port)", "--starttls", "smtp", "--expect", mode)
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test(
        "Java says user_canceled where it only closes, which is no refusal",
        .enabled(if: PeerProgram.isInstalled("java") && PeerProgram.isInstalled("openssl"))
    )
    func java() async throws {
        let folder = program.folder.path()
        let openssl = try #require(PeerProgram("openssl"))
        let packed = try await openssl.run(
            [
                "pkcs12", "-export", "-in", "pki/server.crt", "-inkey", "pki/server.key", "-out", "server.p12",
                "-passout", "pass:throwaway",
            ],
            in: folder
        )
        #expect(packed.status == 0, "\(packed.errors)")
        let java = try #require(PeerProgram("java"))
        let source = PeerPKI.fixtures + "/ClosingServer.java"
        let server = try java.start([source, "server.p12", "throwaway"], in: folder)
        let port = try await port(server, behind: "listening on ")
        let outcome = try program.run("probe", "localhost:\(port)", "--expect", "NoClientCert")
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test("--watch sees the new certificate on new connections, and that the old connection lives")
    func watch() throws {
        let server = try RunningServer(
            ["--cert", "pki/server.crt", "--key", "pki/server.key", "--client-auth", "NoClientCert", "--reload"],
            in: program.folder
        )
        let watch = try RunningCommand(
            ["probe", "localhost:\(server.port)", "--watch", "120", "--interval", "50", "--json"],
            in: program.folder
        )
        let first = try watch.nextLine()
        #expect(first["event"] as? String == "serving")
        for name in ["crt", "key"] {
            let renewed = try Data(contentsOf: program.folder.appending(path: "pki/renewed.\(name)"))
            try renewed.write(to: program.folder.appending(path: "pki/server.\(name)"), options: .atomic)
        }
        let second = try watch.nextLine()
        #expect(second["event"] as? String == "rotated", "\(second)")
        #expect(second["sha256"] as? String != first["sha256"] as? String)
        #expect(second["oldConnectionLives"] as? Bool == true)
        #expect(watch.end() == 0)
        #expect(server.stop() == 0)
    }

    @Test(
        "--listen tells of curl and openssl whether they verify, and what they present",
        .enabled(if: PeerProgram.isInstalled("openssl") && PeerProgram.isInstalled("curl"))
    )
    func listen() async throws {
        let probe = try RunningCommand(
            ["probe", "--listen", "127.0.0.1:0", "--clients", "2", "--json"],
            in: program.folder
        )
        let port = try #require(try probe.nextLine()["port"] as? Int)
        let curl = try #require(PeerProgram("curl"))
        let verifying = try await curl.run(
            ["-sS", "--cacert", "pki/root.crt", "https://localhost:\(port)/"],
            in: program.folder.path()
        )
        #expect(verifying.status == 60, "\(verifying.errors)")
        let first = try probe.nextLine()
        #expect(first["trustedServer"] as? Bool == false, "\(first)")
        #expect(first["announced"] as? String == "none")
        let openssl = try #require(PeerProgram("openssl"))
        let careless = try await openssl.run(
            ["s_client", "-connect", "localhost:\(port)", "-cert", "pki/client.crt", "-key", "pki/client.key"],
            in: program.folder.path()
        )
        #expect(careless.status == 0, "\(careless.errors)")
        let second = try probe.nextLine()
        #expect(second["trustedServer"] as? Bool == true, "\(second)")
        #expect(second["announced"] as? String == "foreign")
        #expect((second["presented"] as? String)?.contains("alice") == true)
        let findings = try #require(second["findings"] as? [[String: Any]])
        #expect(findings.contains { $0["id"] as? String == "cfg-insecure-skip-verify-left-on" })
        #expect(probe.end() == 0)
    }
}
