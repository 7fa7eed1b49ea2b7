import ConformanceModel
import Foundation
import Testing

@testable import ConformanceEngine
@testable import Peers

/// Nothing here reaches a network: pip is a script of the test, or has a folder for its only index.
@Suite("The cache of releases")
struct ReleaseCacheTests {
    private let folder: String

    init() throws {
        folder = try MaterialFolder.makeUnique(FileManager.default.temporaryDirectory.path + "/release-cache")
    }

    private func script(_ text: String) throws -> String {
        let path = "\(folder)/python-\(UInt64.random(in: .min ... .max))"
        try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
        return path
    }

    private func source(checksums: [String: String] = [:]) -> ReleaseSource {
        ReleaseSource(
            name: "thing",
            title: "Thing",
            registry: .pypi(package: "thing-bin", also: []),
            program: "{release}/thing.py",
            environment: ["THING": "{release}/x"],
            megabytes: 1,
            checksums: checksums
        )
    }

    private let release = ReleaseName(program: "thing", version: "1.0")

    @Test(
        "A package manager's complaint becomes a sentence",
        arguments: [
            (
                "ERROR: No matching distribution found for thing-bin==1.0",
                "thing@1.0: PyPI's thing-bin has no version 1.0 for this machine"
            ),
            (
                "NewConnectionError: Failed to establish a new connection",
                "thing@1.0: PyPI's thing-bin can't be reached; is there a network?"
            ),
            (
                "THESE PACKAGES DO NOT MATCH THE HASHES",
                "thing@1.0: the downloaded package has another SHA-256 than the pinned one, so it isn't used"
            ),
            ("/usr/bin/python3: No module named pip", "thing@1.0: python3 has no pip; install python3-pip"),
            ("something else", "thing@1.0: its installation failed: something else"),
        ]
    )
    func complaints(output: String, sentence: String) throws {
        let cache = ReleaseCache(folder: "\(folder)/cache", python: try script("echo '\(output)' >&2; exit 1"))
        let error = #expect(throws: ReleaseUnavailable.self) { try cache.install(release, source()) }
        #expect(error?.description == sentence)
        #expect(!cache.isInstalled(release, source()))
        let left = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache/pypi/thing-bin")) ?? []
        #expect(left == [])
    }

    @Test("A wheel of a local index is installed once, and a wrong checksum is refused")
    func wheel() throws {
        let index = "\(folder)/index"
        let maker = """
            import os, zipfile
            os.makedirs("\(index)")
            with zipfile.ZipFile("\(index)/thing_bin-1.0-py3-none-any.whl", "w") as wheel:
                wheel.writestr("thing.py", "print('it')")
                info = "thing_bin-1.0.dist-info/"
                wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: thing-bin\\nVersion: 1.0\\n")
                wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                wheel.writestr(info + "RECORD", "")
            """
        let made = try ChildProcess(["python3", "-c", maker], group: 0)
        #expect(made.waitForExit(until: Deadline(after: .seconds(60))) == .exited(0))
        let python = try script("PIP_NO_INDEX=1 PIP_FIND_LINKS=\(index) exec python3 \"$@\"")
        let cache = ReleaseCache(folder: "\(folder)/cache", python: python)
        let wrong = source(checksums: ["1.0": String(repeating: "0", count: 64)])
        let error = #expect(throws: ReleaseUnavailable.self) { try cache.install(release, wrong) }
        #expect(error?.description.contains("has another SHA-256 than the pinned one") == true)
        let installed = try cache.install(release, source())
        #expect(FileManager.default.fileExists(atPath: installed.program))
        #expect(installed.environment["THING"] == "\(installed.folder)/x")
        let offline = ReleaseCache(folder: "\(folder)/cache", python: "/nonexistent")
        #expect(try offline.install(release, source()).program == installed.program)
    }
}

@Suite("A play of one release", .serialized)
struct ReleasePlayTests {
    private func half(_ pair: ReleasePair, version: String) throws -> ReleaseHalf {
        let ground = try ReleasePlay.Ground(pair, seed: 1, now: Int64(time(nil)))
        let program = InstalledRelease(
            name: ReleaseName(program: "thing", version: version),
            folder: ground.temporaryFolder,
            program: "python3",
            environment: ["VERSION": version]
        )
        return try ReleasePlay(
            pair,
            program: program,
            companions: [],
            folder: "\(ground.temporaryFolder)/half",
            asker: RepositoryCatalogue.directory + "/peers/common/ask.py",
            ground: ground
        ).half()
    }

    private func pair(_ command: ReleasePair.Command, _ asks: [ReleasePair.Ask], main: String) -> ReleasePair {
        var pair = ReleasePair(
            affected: ReleaseName(program: "thing", version: "1"),
            mended: ReleaseName(program: "thing", version: "2"),
            command: command,
            stages: [ReleasePair.Stage(name: "", asks: asks)],
            digest: ""
        )
        pair.files = ["main.py": main]
        return pair
    }

    private func ask(_ name: String, _ subject: ReleasePair.Subject) -> ReleasePair.Ask {
        ReleasePair.Ask(name: name, subject: subject, affected: ReleaseOutcome(""), mended: ReleaseOutcome(""))
    }

    @Test("A program tells by name, and its end and its words are answers")
    func run() throws {
        let main = """
            import os, sys
            print("who: release " + os.environ["VERSION"])
            print("unrelated")
            sys.stderr.write("panic: at the disco\\n")
            sys.exit(3)
            """
        let asks = [
            ask("who", .told), ask("nobody", .told), ask("end", .ends), ask("words", .log("at the d.sco")),
            ask("other words", .log("at home")),
        ]
        let half = try half(pair(.run(["{program}", "{work}/main.py"]), asks, main: main), version: "7")
        #expect(half.release == "thing@7")
        #expect(half.answers.map(\.outcome) == ["release 7", "not told", "exit 3", "found", "absent"])
    }

    @Test("A server that doesn't start, with a file missing, answers nothing")
    func broken() throws {
        var pair = pair(
            .serve(["{program}", "{work}/main.py"]),
            [ask("start", .starts), ask("client", .connection([])), ask("end", .survives)],
            main: "print('never read')"
        )
        pair.stages[0].breaks = ["main.py": .missing]
        #expect(try half(pair, version: "1").answers.map(\.outcome) == ["exit 2", "no server", "exit 2"])
    }

    @Test("A TLS server is asked with an identity, and the client in records of 5 bytes sees the same")
    func serve() throws {
        let main = """
            import ssl, socket
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("pki/server.chain.crt", "pki/server.key")
            context.load_verify_locations("pki/root.crt")
            context.verify_mode = ssl.CERT_REQUIRED
            listener = socket.create_server(("127.0.0.1", {port}))
            while True:
                accepted, _ = listener.accept()
                try:
                    with context.wrap_socket(accepted, server_side=True) as secured:
                        name = dict(part[0] for part in secured.getpeercert()["subject"])["commonName"]
                        secured.recv(4096)
                        secured.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(name), name.encode()))
                except OSError:
                    pass
            """
        let asks = [
            ask("alice", .connection(["--identity", "alice", "--see", "alice"])),
            ask("alice in records", .connection(["--identity", "alice", "--records", "5", "--sni", "server.test"])),
            ask("mallory", .connection(["--identity", "mallory", "--tls", "1.2"])),
            ask("nobody", .connection(["--tls", "1.3"])),
            ask("another name's roots", .connection(["--identity", "alice", "--roots", "other"])),
            ask("running", .survives),
        ]
        var pair = pair(.serve(["{program}", "{work}/main.py"]), asks, main: main)
        var pki = PKISpecification()
        for (name, issuer) in [
            ("root", nil), ("other", nil), ("server", "root"), ("alice", "root"), ("mallory", "other"),
        ] {
            var certificate = CertificateSpecification(name: name, issuer: issuer)
            certificate.isCA = issuer == nil
            pki.certificates[name] = certificate
        }
        pair.pki = pki
        let outcomes = try half(pair, version: "1").answers.map(\.outcome)
        #expect(
            outcomes == [
                "200 alice", "200", "alert unknown_ca", "alert certificate_required",
                "refused the server: self-signed certificate in certificate chain", "running",
            ]
        )
    }
}
