import ConformanceModel
import Foundation
import PeerPrograms
import Testing

@Suite("A server or a client of one's own, put through the catalogue", .serialized)
struct LiveRunTests {
    private let program: Program

    init() throws {
        program = try Program()
        let recipe = """
            pki:
              root: {ca: true}
              server: {issuer: root, dns: [localhost], ip: [127.0.0.1], eku: [serverAuth]}
            """
        try Data(recipe.utf8).write(to: program.folder.appending(path: "recipe.yaml"))
        let minted = try program.run("pki", "recipe.yaml", "--out", "pki")
        #expect(minted.status == 0, "\(minted.errors)")
    }

    @Test("the library's own server keeps each rule of its mode, with the deviations known of it")
    func serve() throws {
        defer { program.remove() }
        let server = try served(mode: "RequireAndVerifyClientCert")
        let run = try program.run(
            target(server.port, mode: "RequireAndVerifyClientCert")
                // What serve tells of more connections would fill the pipe that nobody reads meanwhile.
                + ["client-auth/credentials/*/tls1.3", "--ca", "pki/root.crt"]
                + ["--implementation", "countersign", "--json", "results.json"]
        )
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let report = try program.report("results.json")
        #expect(report.environment["target"] == "127.0.0.1:\(server.port)")
        #expect(report.totals.cases > 60)
        let verdicts = Set(report.cases.map(\.verdict))
        #expect(verdicts == [.passed, .deviated, .unsupported])
        #expect(report.cases.count { $0.verdict == .passed } > 60)
        #expect(server.stop() == 0)
    }

    @Test("a server that is laxer than it is said to be fails in each case that it lets in, and in no other")
    func lax() throws {
        defer { program.remove() }
        let server = try served(mode: "VerifyClientCertIfGiven")
        let run = try program.run(
            target(server.port, mode: "RequireAndVerifyClientCert")
                + Self.few.map { "client-auth/credentials/RequireAndVerify/\($0)/tls1.3" } + ["--json", "results.json"]
        )
        #expect(run.status == 1, "\(run.output)\(run.errors)")
        #expect(run.output.contains("The target's own certificate is not verified"))
        let report = try program.report("results.json")
        #expect(
            report.environment["target"] == "127.0.0.1:\(server.port), its certificate not verified"
        )
        let failed = report.cases.filter { $0.verdict == .failed }.compactMap { $0.axes["credential"] }
        #expect(failed == ["none"])
        #expect(report.cases.count == Self.few.count)
        #expect(server.stop() == 0)
    }

    @Test("a server of openssl that speaks first to nobody is judged by its silence, in both versions")
    func openssl() async throws {
        defer { program.remove() }
        guard let openssl = PeerProgram("openssl") else { return }
        let arguments = [
            "s_server", "-accept", "127.0.0.1:0", "-cert", "pki/server.crt", "-key", "pki/server.key", "-CAfile",
            "pki/root.crt", "-Verify", "5", "-verify_return_error", "-www",
        ]
        let server = try openssl.start(arguments, in: program.folder.path())
        #expect(await server.hasWritten("ACCEPT 127.0.0.1:"))
        let port = try #require(server.output.firstMatch(of: /ACCEPT 127\.0\.0\.1:(\d+)/)?.1)
        let run = try program.run(
            target(Int(port) ?? 0, mode: "RequireAndVerifyClientCert")
                + Self.few.map { "client-auth/credentials/RequireAndVerify/\($0)" }
                + ["--implementation", "openssl", "--silence", "200", "--json", "results.json"]
        )
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(try program.report("results.json").cases.count == 2 * Self.few.count)
        // Programs that a thread of the pool starts inherit its mask, which blocks every signal that can be.
        server.signal(SIGKILL)
        _ = await server.end()
    }

    @Test("curl, started by a command, is put through servers that it must accept and refuse")
    func curl() throws {
        defer { program.remove() }
        guard PeerProgram.isInstalled("curl") else { return }
        let command =
            "curl --silent --noproxy '*' --max-time 4 [--cacert {rootCAs} --capath /nonexistent] "
            + "[--cert {chain} --key {key}] --connect-to ::{host}:{port} {url}"
        let run = try program.run(
            [
                "run", "--scenarios", Self.scenarios, "--client-trigger", command, "--json", "results.json",
                "server-auth/names/exact/verified", "server-auth/roots/right-root/verified/none",
                "server-auth/roots/self-signed/verified/none",
                "client-auth/credentials/RequireAndVerify/valid", "client-auth/credentials/RequireAndVerify/none",
            ]
        )
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let cases = try program.report("results.json").cases
        #expect(cases.contains { $0.verdict == .passed && $0.observed.client.first?.accepted == true })
        #expect(cases.contains { $0.verdict == .passed && $0.observed.client.first?.accepted == false })
    }

    @Test("a client that trusts the test authority alone needs no place for it in its command")
    func trustingClient() throws {
        defer { program.remove() }
        guard PeerProgram.isInstalled("curl") else { return }
        let command = "curl --silent --noproxy '*' --max-time 4 --cacert pki/root.crt --capath /nonexistent {url}"
        let run = try program.run(
            [
                "run", "--scenarios", Self.scenarios, "--client-trigger", command, "--issuer-cert", "pki/root.crt",
                "--issuer-key", "pki/root.key", "--json", "results.json",
                "client-auth/credentials/NoClientCert/none", "client-auth/credentials/RequireAndVerify/none",
                "server-auth/names/wildcard/verified",
            ]
        )
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let cases = try program.report("results.json").cases
        let accepted = cases.filter { $0.verdict == .passed && $0.observed.client.first?.accepted == true }
        #expect(accepted.map { $0.axes["clientAuth"] } == ["NoClientCert", "NoClientCert"])
        #expect(cases.contains { $0.verdict == .unsupported && $0.reason?.contains("has no {host}") == true })
    }

    @Test(
        "a command that is no client ends the run with 3 and a sentence, and nothing passes",
        arguments: [
            ("true {url} {rootCAs}", "ended with exit code 0 without connecting"),
            ("false {url} {rootCAs}", "failed without connecting"),
            ("sh -c 'exec sleep 1000' {url} {rootCAs}", "did not end"),
            ("sh -c 'kill -9 $$' {url} {rootCAs}", "ended with signal 9"),
            (
                "sh -c 'head -c 3000000 /dev/urandom; head -c 3000000 /dev/zero >&2; exit 1' {url} {rootCAs}",
                "failed without connecting"
            ),
            (
                "sh -c 'exec openssl s_client -connect $0:$1 </dev/null >/dev/null 2>&1' {host} {port} {rootCAs}",
                "brought no whole HTTP request"
            ),
        ]
    )
    func noClient(_ command: String, _ words: String) throws {
        defer { program.remove() }
        let run = try program.run(
            "run",
            "--scenarios",
            Self.scenarios,
            "--client-trigger",
            command,
            "server-auth/names/exact/verified",
            "--timeout",
            "3"
        )
        #expect(run.status == 3, "\(run.output)\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(run.errors.utf8.count < 3000)
        #expect(!run.output.contains("passed"))
    }

    @Test("a client that speaks one version of TLS is judged by it, and isn't accused in the other")
    func oneVersion() throws {
        defer { program.remove() }
        guard PeerProgram.isInstalled("curl") else { return }
        let run = try program.run(
            "run",
            "--scenarios",
            Self.scenarios,
            "--client-trigger",
            "curl -s -f --noproxy '*' --tlsv1.3 --cacert {rootCAs} --connect-to ::{host}:{port} {url}",
            "--json",
            "results.json",
            "server-auth/names/exact/verified",
            "server-auth/names/other/verified"
        )
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let cases = try program.report("results.json").cases
        #expect(cases.filter { $0.id.contains("tls1.3") }.allSatisfy { $0.verdict == .passed })
        let others = cases.filter { $0.id.contains("tls1.2") }
        #expect(
            others.allSatisfy { $0.verdict == .unsupported && $0.reason?.contains("does not speak TLS 1.2") == true }
        )
    }

    @Test("a client's hole is kept as a server of openssl alone, which the client can be started against")
    func keptClient() throws {
        defer { program.remove() }
        guard PeerProgram.isInstalled("curl"), PeerProgram.isInstalled("openssl") else { return }
        let run = try program.run(
            "run",
            "--scenarios",
            Self.scenarios,
            "--client-trigger",
            "curl -s -f -k --noproxy '*' --cacert {rootCAs} --connect-to ::{host}:{port} {url}",
            "server-auth/names/other/verified/tls1.3",
            "--keep",
            "failures",
            "--keep-dir",
            "kept"
        )
        #expect(run.status == 1, "\(run.output)\(run.errors)")
        let folder = program.folder.appending(
            path: "kept/server-auth--names--other--verified--tls1.3--countersign--triggered"
        )
        let script = folder.appending(path: "client.sh").path()
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [script]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        // 1: the client ended with exit code 0.
        #expect(process.terminationStatus == 1)
        let readme = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains("./client.sh"))
    }

    @Test("a run that is only counted connects to nobody")
    func dryRun() throws {
        defer { program.remove() }
        let run = try program.run(
            "run",
            "--scenarios",
            Self.scenarios,
            "--client-trigger",
            "true {url} {host} {rootCAs}",
            "--dry-run",
            "server-auth/names/exact/verified",
            "server-auth/names/other/verified"
        )
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("4 cases: 6 starts of the command, one at a time; 2 of them are good ones"))
        #expect(run.output.contains("Nothing was played."))
    }

    @Test(
        "what is missing is said before anything is played",
        arguments: [
            (["--target", "127.0.0.1:9"], "needs --issuer-cert and --issuer-key"),
            (["--target", "127.0.0.1:9", "--issuer-cert", "a", "--issuer-key", "b"], "needs --mode"),
            (["--issuer-cert", "a", "--issuer-key", "b"], "belong to --target or --client-trigger"),
            (["--client-trigger", "curl {url}"], "the client must trust the certificates of the cases"),
            (["--client-trigger", "curl"], "it has neither {url} nor {port}"),
            (["--target", "127.0.0.1:9", "--client-trigger", "curl {url}"], "are two runs"),
        ]
    )
    func usage(_ arguments: [String], _ words: String) throws {
        defer { program.remove() }
        let run = try program.run(["run", "--scenarios", Self.scenarios] + arguments)
        #expect(run.status == 2)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test("a server that isn't there, and an authority that isn't one, end the run before its first case")
    func unusable() throws {
        defer { program.remove() }
        // Nobody listens on a port that was free a moment ago, and whose server is gone.
        let server = try served(mode: "NoClientCert")
        #expect(server.stop() == 0)
        let gone = try program.run(target(server.port, mode: "NoClientCert"))
        #expect(gone.status == 3)
        #expect(gone.errors.contains("can't be reached: Connection refused"), "\(gone.errors)")
        // The library itself refuses to present a key that isn't the certificate's, whether there is a server or not.
        let unasked = try program.run(
            target(server.port, mode: "NoClientCert") + ["client-auth/credentials/*/wrong-key/*"]
        )
        #expect(unasked.status == 3)
        #expect(unasked.errors.contains("can't be reached: Connection refused"), "\(unasked.errors)")
        #expect(!unasked.output.contains("passed"), "\(unasked.output)")
        var arguments = target(server.port, mode: "NoClientCert")
        arguments = arguments.map { $0.replacing("pki/root", with: "pki/server") }
        let leaf = try program.run(arguments)
        #expect(leaf.status == 2)
        #expect(leaf.errors.contains("expected a certificate authority"), "\(leaf.errors)")
    }

    private func served(mode: String) throws -> RunningServer {
        try RunningServer(
            [
                "--cert", "pki/server.crt", "--key", "pki/server.key", "--client-ca", "pki/root.crt", "--client-auth",
                mode,
            ],
            in: program.folder
        )
    }

    private func target(_ port: Int, mode: String) -> [String] {
        [
            "run", "--scenarios", Self.scenarios, "--target", "127.0.0.1:\(port)", "--issuer-cert", "pki/root.crt",
            "--issuer-key", "pki/root.key", "--mode", mode,
        ]
    }

    private static let few = ["none", "valid", "expired", "untrusted-ca", "one-intermediate"]

    private static let scenarios = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scenarios").path()
}
