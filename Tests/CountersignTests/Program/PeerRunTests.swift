import ConformanceModel
import Foundation
import PeerPrograms
import Testing

@Suite("Runs with stacks that play as programs", .serialized)
struct PeerRunTests {
    private let program: Program

    init() throws {
        program = try Program()
    }

    @Test("the shards of a run with a peer make the whole run again, and a page for each stack")
    func merge() throws {
        defer { program.remove() }
        guard PeerProgram.isInstalled("python3") else { return }
        let arguments = ["run", "--scenarios", Self.scenarios, "--peer", "python", "--seed", "3"] + Self.few
        #expect(try program.run(arguments + ["--json", "whole.json"]).status == 0)
        for shard in 1...2 {
            let run = try program.run(arguments + ["--shard", "\(shard)/2", "--json", "\(shard).json"])
            #expect(run.status == 0, "\(run.output)\(run.errors)")
        }
        let merged = try program.run(
            "merge",
            "1.json",
            "2.json",
            "--scenarios",
            Self.scenarios,
            "--json",
            "merged.json",
            "--interop",
            "interop"
        )
        #expect(merged.status == 0, "\(merged.output)\(merged.errors)")
        let whole = try program.report("whole.json")
        let report = try program.report("merged.json")
        #expect(report.cases.map(\.id) == whole.cases.map(\.id))
        #expect(report.cases.map(\.verdict) == whole.cases.map(\.verdict))
        #expect(program.contents("interop/matrix.md").contains("| python |"))

        let lacking = try program.run("merge", "1.json", "1.json", "--scenarios", Self.scenarios)
        #expect(lacking.status == 2)
        #expect(lacking.errors.contains("shard 2/2 is missing"), "\(lacking.errors)")
    }

    @Test("socat plays by the manifest that the documentation shows, in both roles")
    func workedExample() throws {
        defer { program.remove() }
        let manifest = "\(Self.scenarios)/peers/socat/peer.yaml"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let documented = try String(contentsOfFile: "\(Self.scenarios)/../docs/peer-manifests.md", encoding: .utf8)
        #expect(documented.contains(text), "the worked example of docs/peer-manifests.md is another one")
        guard PeerProgram.isInstalled("socat") else { return }
        let run = try program.run(
            ["run", "--scenarios", Self.scenarios, "--subject", manifest, "--json", "results.json"] + Self.few
        )
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let cases = try program.report("results.json").cases
        for role in [\CaseResult.server, \CaseResult.client] {
            let mine = cases.filter { $0[keyPath: role].rawValue == "socat" }
            #expect(mine.contains { $0.verdict == .passed }, "\(mine.map(\.verdict))")
            #expect(mine.contains { [.passed, .deviated].contains($0.verdict) && $0.expected[0].outcome.isRejection })
        }
    }

    @Test(
        "a stack that misbehaves is reported as that by name, and another one's cases are unharmed",
        arguments: [
            ("crashes", "exit 3", Verdict.crashed, "ended with exit code 3"),
            ("hangs", "while read -r line; do :; done", .timedOut, "gave no answer to hello"),
            ("garbles", "while read -r line; do echo hi there; done", .errored, "it is no answer of the protocol"),
            ("lags", "read -r line; read -r never", .timedOut, "gave no answer to hello"),
        ]
    )
    func faults(_ name: String, _ script: String, _ verdict: Verdict, _ words: String) throws {
        defer { program.remove() }
        try writePeer(name, script)
        let run = try program.run(
            [
                "run", "--scenarios", Self.scenarios, "--peers", "peers", "--peer", name, "--peer", "missing",
                "--timeout", "1", "--jobs", "1", "--json", "results.json",
                "client-auth/credentials/RequireAndVerify/valid/tls1.3/*",
            ]
        )
        #expect(run.status == (verdict == .timedOut ? 1 : 3), "\(run.output)\(run.errors)")
        let cases = try program.report("results.json").cases
        let mine = cases.filter { $0.server.rawValue == name || $0.client.rawValue == name }
        #expect(mine.count == 4)
        #expect(mine.allSatisfy { $0.verdict == verdict && $0.reason?.contains("\(name) (") == true })
        #expect(mine.contains { $0.reason?.contains(words) == true }, "\(mine.compactMap(\.reason))")
        let others = cases.filter { $0.server.rawValue == "missing" || $0.client.rawValue == "missing" }
        #expect(others.count == 4)
        #expect(others.allSatisfy { $0.verdict == .unsupported && $0.reason?.contains("is not installed") == true })
    }

    @Test("the command that is told for one case plays that case")
    func alone() throws {
        defer { program.remove() }
        try writePeer("crashes", "exit 3")
        let run = try program.run(
            [
                "run", "--scenarios", Self.scenarios, "--peers", "peers", "--peer", "all", "--jobs", "1",
                "client-auth/credentials/RequireAndVerify/valid/tls1.3/*",
            ]
        )
        let told = try #require(run.output.split(separator: "\n").last)
        let id = "client-auth/credentials/RequireAndVerify/valid/tls1.3/countersign/crashes"
        let options = "--scenarios \(Self.scenarios) --peers peers --peer crashes"
        #expect(told == "Play the first one alone: countersign run '\(id)' \(options)")
        let words = told.split(separator: "countersign run ").last?.split(separator: " ").map {
            $0.trimmingCharacters(in: ["'"])
        }
        let alone = try program.run(["run"] + #require(words))
        #expect(alone.status == 3)
        #expect(alone.output.contains("crashes (client) ended with exit code # (1 case crashed)\n"))
        #expect(alone.output.contains("for example \(id)\n"), "\(alone.output)\(alone.errors)")
        #expect(alone.output.contains("\n1 of 1 case did not end as expected"))
    }

    @Test(
        "no process is left behind, whatever ends the run",
        .timeLimit(.minutes(1)),
        arguments: [SIGKILL, SIGINT, SIGTERM]
    )
    func nothingLeft(_ signal: Int32) async throws {
        defer { program.remove() }
        // It answers nothing, and neither it nor its child heeds what can be ignored.
        try writePeer(
            "stays",
            "trap '' HUP INT TERM; tail -f /dev/null & echo $$ $! > pids.part; mv pids.part pids; wait"
        )
        let process = try program.start(
            [
                "run", "--scenarios", Self.scenarios, "--peers", "peers", "--peer", "stays", "--jobs", "1",
                "client-auth/credentials/RequireAndVerify/valid/tls1.3/*",
            ]
        )
        var pids: [pid_t] = []
        while pids.isEmpty, process.isRunning {
            pids = program.contents("peers/stays/pids").split { !$0.isNumber }.compactMap { pid_t($0) }
            await Task.yield()
        }
        #expect(pids.count == 2)
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        // The kernel closes the pipe of a worker that is gone, and the guard ends its whole group.
        while pids.contains(where: isRunning) { await Task.yield() }
        #expect(!pids.contains(where: isRunning))
    }

    private func isRunning(_ process: pid_t) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !state.contains(") Z ")
    }

    private func writePeer(_ name: String, _ script: String) throws {
        for (name, script, program) in [(name, script, "/bin/sh"), ("missing", "exit 0", "no-such-program-anywhere")] {
            let folder = self.program.folder.appending(path: "peers/\(name)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let manifest = """
                peer: \(name)
                title: A fake
                package: dash
                program: \(program)
                version: {command: [echo, version 1.2], pattern: 'version (\\S+)'}
                driver: [/bin/sh, driver.sh]

                """
            try Data(manifest.utf8).write(to: folder.appending(path: "peer.yaml"))
            try Data((script + "\n").utf8).write(to: folder.appending(path: "driver.sh"))
        }
    }

    private static let few = ["none", "valid", "untrusted-ca"].flatMap { credential in
        ["NoClientCert", "RequireAndVerify"].map { "client-auth/credentials/\($0)/\(credential)/tls1.?/*" }
    }

    private static let scenarios = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scenarios").path()
}
