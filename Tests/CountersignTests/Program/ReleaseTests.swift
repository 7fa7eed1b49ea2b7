import ConformanceModel
import Foundation
import Testing

@testable import Campaign

@Suite("The program, when a release is validated")
struct ReleaseTests {
    @Test("Shards merged are the single run, but for times; one that lacks is named")
    func merge() throws {
        let program = try Program(variants: 6)
        defer { program.remove() }
        #expect(try program.run("run", "--scenarios", "scenarios", "--seed", "7", "--json", "single.json").status == 0)
        for index in 1...3 {
            let shard = try program.run(
                "run",
                "--scenarios",
                "scenarios",
                "--seed",
                "7",
                "--shard",
                "\(index)/3",
                "--json",
                "\(index).json"
            )
            #expect(shard.status == 0, "\(shard.errors)")
        }
        let merged = try program.run(
            "merge",
            "--scenarios",
            "scenarios",
            "3.json",
            "1.json",
            "2.json",
            "--json",
            "merged.json"
        )
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(try program.report("merged.json").withoutTimes == program.report("single.json").withoutTimes)
        let lacking = try program.run("merge", "--scenarios", "scenarios", "3.json", "1.json")
        #expect(lacking.status == 2)
        #expect(lacking.errors.contains("- shard 2/3 is missing"))
    }

    @Test("Shards without a seed agree on one")
    func seeds() throws {
        let program = try Program(variants: 6)
        defer { program.remove() }
        for index in 1...2 {
            #expect(
                try program.run("run", "--scenarios", "scenarios", "--shard", "\(index)/2", "--json", "\(index).json")
                    .status == 0
            )
        }
        #expect(try program.run("merge", "--scenarios", "scenarios", "1.json", "2.json").status == 0)
    }

    @Test("A run becomes a baseline, the next is held against it, and what is gone or fails ends with 1")
    func baseline() throws {
        let program = try Program(variants: 2)
        defer { program.remove() }
        #expect(try program.run("run", "--scenarios", "scenarios", "--update-baseline").status == 0)
        let lines = program.contents("reports/baseline.json").split(separator: "\n")
        #expect(lines.count { $0.hasSuffix("\": \"passed\"") || $0.hasSuffix("\": \"passed\",") } == 8)
        #expect(try program.run("run", "--scenarios", "scenarios", "--baseline", "reports/baseline.json").status == 0)
        let more = program.contents("reports/baseline.json")
            .replacing(
                "  \"cases\": {\n",
                with: "  \"cases\": {\n    \"client-auth/small/gone/gnutls/gnutls\": \"passed\",\n"
            )
        try Data(more.utf8).write(to: program.folder.appending(path: "more.json"))
        let gone = try program.run("run", "--scenarios", "scenarios", "--baseline", "more.json")
        #expect(gone.status == 1)
        #expect(gone.output.contains("gone: client-auth/small/gone/gnutls/gnutls: passed -> absent"))
        let part = try program.run(
            "run",
            "--scenarios",
            "scenarios",
            "client-auth/small/Request",
            "--baseline",
            "more.json"
        )
        #expect(part.status == 0, "a part of a run does not miss the other cases")
        let refused = try program.run(
            "run",
            "--scenarios",
            "scenarios",
            "client-auth/small/Request",
            "--update-baseline"
        )
        #expect(refused.status == 2)
        #expect(refused.errors.contains("a baseline is made of a whole run"))
        #expect(program.contents("reports/baseline.json").contains("RequireAndVerify"))
    }
}

extension Program {
    func report(_ name: String) throws -> RunReport {
        try ResultsFile.read(folder.appending(path: name).path())
    }
}

extension RunReport {
    /// The parts that two runs with one seed have in common.
    var withoutTimes: RunReport {
        var report = self
        report.started = ""
        report.durationMs = 0
        for index in report.cases.indices { report.cases[index].durationMs = 0 }
        return report
    }
}
