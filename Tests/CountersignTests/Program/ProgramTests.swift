import ConformanceModel
import Foundation
import Testing

@testable import Campaign

@Suite("The program")
struct ProgramTests {
    @Test("A run as expected ends with 0, writes every report and shows no progress in a pipe")
    func run() throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(
            "run",
            "client-auth",
            "--seed",
            "7",
            "--json",
            "out/r.json",
            "--junit",
            "out/j.xml",
            "--markdown",
            "out/m.md"
        )
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.hasPrefix("All 4 cases ended as expected: 4 passed.\n"), "\(outcome.output)")
        #expect(outcome.output.contains("with the seed 7.\nReports: out/m.md, out/j.xml, out/r.json\n"))
        #expect(program.contents("out/j.xml").contains("<testsuites name=\"countersign\" tests=\"4\""))
        #expect(program.contents("out/m.md").contains("| **all** | **4** |"))
        let again = try program.run("report", "out/r.json", "--markdown", "again.md")
        #expect(again.status == 0)
        #expect(program.contents("again.md") == program.contents("out/m.md"))
        #expect(try program.run("compare", "out/r.json", "out/r.json").status == 0)
    }

    @Test("Two runs with one seed have the same cases, verdicts and observations")
    func seeded() throws {
        let program = try Program()
        defer { program.remove() }
        for name in ["a.json", "b.json"] {
            #expect(try program.run("run", "client-auth", "--quiet", "--seed", "7", "--json", name).output.isEmpty)
        }
        let reports = try ["a.json", "b.json"].map { try ResultsFile.read(program.folder.appending(path: $0).path()) }
        let cases = reports.map { $0.cases.map { result in withoutTime(result) } }
        #expect(cases[0] == cases[1])
    }

    @Test("Shards are disjoint and make up the whole")
    func shards() throws {
        let program = try Program(variants: 10)
        defer { program.remove() }
        let whole = try program.run("list").output.split(separator: "\n")
        let parts = try (1...3).flatMap { try program.run("list", "--shard", "\($0)/3").output.split(separator: "\n") }
        #expect(whole.count == 40)
        #expect(parts.sorted() == whole.sorted())
    }

    @Test(
        "Wrong usage ends with 2 and says what is wrong, and nothing is played",
        arguments: [
            (["run", "--bogus"], "Unknown option '--bogus'"),
            (["run", "--jobs", "0"], "--jobs is 0"),
            (["run", "--shard", "3/2"], "'3/2' is invalid for '--shard"),
            (["run", "no/such/case"], "no case has an id that matches “no/such/case”"),
            (["run", "--stack", "go"], "no case has the stack “go”; there are gnutls"),
            (["run", "--scenarios", "/nowhere"], "no folder of scenarios at /nowhere"),
            (["run", "--json", "scenarios"], "can't write a report to scenarios: it is a folder"),
            (["run", "--json", "scenarios/client-auth/small.yaml/r.json"], "Not a directory"),
            (["run", "--json", "a", "--markdown", "./a"], "two reports have the same path"),
            (["report", "absent.json"], "can't read the results absent.json: No such file or directory"),
            (["nonsense"], "Unexpected argument 'nonsense'"),
        ]
    )
    func usage(arguments: [String], message: String) throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test("A statement that the oracle doesn't derive stops a run and a list with 2")
    func disagreement() throws {
        let program = try Program()
        defer { program.remove() }
        let file = program.folder.appending(path: "scenarios/client-auth/small.yaml")
        try Data((program.contents("scenarios/client-auth/small.yaml") + "expect: accepted\n").utf8).write(to: file)
        for command in ["run", "list"] {
            let outcome = try program.run(command)
            #expect(outcome.status == 2)
            #expect(
                outcome.errors.contains("RequireAndVerify/none/v1/tls1.3/gnutls/gnutls: the scenario states accepted")
            )
        }
    }

    @Test("A signal stops playing, and the partial reports say so", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) throws {
        let program = try Program(variants: 1000)
        defer { program.remove() }
        let outcome = try program.run(
            ["run", "client-auth", "--jobs", "1", "--json", "r.json", "--junit", "j.xml", "--markdown", "m.md"],
            whileRunning: { process in
                // Workers exist once cases are being played, and by then the handlers are in place.
                while process.isRunning, !hasChild(process) { sched_yield() }
                kill(process.processIdentifier, signal)
            }
        )
        #expect(outcome.status == 128 + signal, "\(outcome.errors)")
        let report = try ResultsFile.read(program.folder.appending(path: "r.json").path())
        #expect(!report.isComplete)
        #expect(report.cases.count < 4000)
        #expect(report.cases.allSatisfy { $0.verdict == .passed })
        #expect(program.contents("j.xml").contains("<property name=\"complete\" value=\"false\""))
        #expect(program.contents("m.md").contains("**Incomplete, since the run was stopped: "))
        #expect(outcome.output.contains("Incomplete, since the run was stopped: "))
    }

    @Test("Every command shows an example in its help", arguments: ["", "run", "list", "report", "compare", "version"])
    func help(command: String) throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(command.isEmpty ? ["--help"] : ["help", command])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("Example: countersign \(command)"))
    }

    private func withoutTime(_ result: CaseResult) -> CaseResult {
        var result = result
        result.durationMs = 0
        return result
    }

    /// Linux keeps children by the thread that made them.
    private func hasChild(_ process: Process) -> Bool {
        let tasks = "/proc/\(process.processIdentifier)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return threads.contains { FileManager.default.contents(atPath: "\(tasks)/\($0)/children")?.isEmpty == false }
    }
}
