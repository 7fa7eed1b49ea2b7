import Foundation
import PeerPrograms
import Testing

@Suite("system, as a user runs it")
final class SystemCommandTests {
    private struct Ready: Decodable {
        struct Command: Decodable {
            var run: String
            var shows: String
            var succeeds: Bool
            var needs: String
        }

        var event: String
        var system: String
        var folder: String
        var port: Int
        var events: [String]
        var commands: [Command]
    }

    private let program: Program

    deinit {
        program.remove()
    }

    init() throws {
        program = try Program()
    }

    private func start(_ arguments: String...) throws -> (RunningProgram, () async throws -> Ready) {
        let running = try PeerProgram(executable: Program.executable)
            .start(["system"] + arguments + ["--json"], in: program.folder.path())
        return (
            running,
            {
                try #require(await running.hasWritten("\n"), "\(running.errors)")
                let line = running.output.prefix { $0 != "\n" }
                return try JSONDecoder().decode(Ready.self, from: Data(line.utf8))
            }
        )
    }

    @Test(
        "every command that it prints does what it says",
        arguments: [
            ("ergo", ["node-b@localhost called node-a@localhost, and heard: hello node-b, this is node-a@localhost"]),
            ("nats", ["client-a published to greetings.b, and client-b heard: hello"]),
            ("http", []),
            (
                "gateway",
                [
                    "the gateway called /health, and got 200: ok",
                    "the gateway called /users, and got 200: Hello, nuxt-gateway! You asked for /users.",
                ]
            ),
        ]
    )
    func commands(system: String, events: [String]) async throws {
        let (running, ready) = try start(system)
        let guide = try await ready()
        #expect(guide.event == "ready" && guide.system == system && guide.port > 0)
        #expect(guide.events == events)
        let peers = FileManager.default.currentDirectoryPath + "/.build/peers/nats-py"
        var played = 0
        for command in guide.commands {
            let isThere =
                switch command.needs {
                case "nats-py": FileManager.default.fileExists(atPath: peers + "/nats/__init__.py")
                case "countersign": true
                default: PeerProgram.isInstalled(command.needs)
                }
            guard isThere else { continue }
            played += 1
            let outcome = try await #require(PeerProgram("sh")).run(
                ["-c", "export PYTHONPATH=\"$1\"; \(command.run)", "sh", peers],
                in: guide.folder
            )
            #expect((outcome.status == 0) == command.succeeds, "\(command.run): \(outcome.output)\(outcome.errors)")
            let isShown = command.shows.isEmpty || (outcome.output + outcome.errors).contains(command.shows)
            #expect(isShown, "\(command.run): \(outcome.output)\(outcome.errors)")
        }
        #expect(played > 0 || system == "nats")
        if guide.commands.contains(where: { $0.needs == "cp" }) {
            #expect(await running.hasWritten("new connections use CN="))
        }
        running.signal(SIGINT)
        #expect(await running.end() == 0)
        #expect(running.errors.isEmpty, "\(running.errors)")
        #expect(!FileManager.default.fileExists(atPath: guide.folder))
    }

    @Test("a pipe gets one line when it is ready, and SIGTERM ends it with 0")
    func quiet() async throws {
        let running = try PeerProgram(executable: Program.executable).start(
            ["system", "http"],
            in: program.folder.path()
        )
        #expect(await running.hasWritten("\n"))
        running.signal(SIGTERM)
        #expect(await running.end() == 0)
        #expect(
            running.output.wholeMatch(of: /http ready on localhost:\d+, folder [^\n]+\n/) != nil,
            "\(running.output)"
        )
    }

    @Test("a folder is kept with --folder, its keys for the owner alone, and starts again with the same certificates")
    func folder() async throws {
        var certificates: [Data] = []
        for _ in 0..<2 {
            let (running, ready) = try start("http", "--folder", "kept")
            let guide = try await ready()
            certificates.append(try Data(contentsOf: URL(filePath: guide.folder).appending(path: "server.crt")))
            running.signal(SIGINT)
            #expect(await running.end() == 0)
        }
        #expect(certificates[0] == certificates[1])
        let kept = program.folder.appending(path: "kept")
        for name in ["server.key", "client.key"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: kept.appending(path: name).path())
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("a folder of something else, a wrong configuration and an unknown system are wrong usage")
    func usage() throws {
        let other = try program.run(["system", "http", "--folder", "."])
        #expect(other.status == 2)
        #expect(other.errors.contains("expected a new or empty folder"))
        let wrong = program.folder.appending(path: "wrong")
        try FileManager.default.createDirectory(at: wrong, withIntermediateDirectories: true)
        try Data("{\"host\": \"localhost\"}".utf8).write(to: wrong.appending(path: "server.json"))
        let incomplete = try program.run(["system", "http", "--folder", "wrong"])
        #expect(incomplete.status == 2)
        #expect(incomplete.errors.contains("expected the key port, found none"), "\(incomplete.errors)")
        #expect(try program.run(["system", "mail"]).status == 2)
    }
}
