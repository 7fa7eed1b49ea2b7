import Testing

@testable import Campaign
@testable import ConformanceModel

@Suite("Merging shards")
struct ReportMergeTests {
    private static let ids = (0..<60).map { "scenario/case-\($0)" }

    @Test("Shards merged in any order make the report of a single run, but for times")
    func whole() throws {
        let single = Self.report(Self.ids, shard: nil)
        var merged = try ReportMerge.merge(Self.parts(3).reversed(), selected: Self.ids)
        #expect(merged.durationMs == 3)
        merged.durationMs = single.durationMs
        #expect(merged == single)
        #expect(try ReportMerge.merge(Self.parts(3)).cases == single.cases, "without the scenarios")
    }

    @Test("A shard that is missing, there twice, or stopped is named")
    func shards() {
        var parts = Self.parts(3)
        #expect(Self.issues(Array(parts.dropFirst()), Self.ids) == ["shard 1/3 is missing"])
        #expect(
            Self.issues(parts + [.init(file: "again.json", report: parts[1].report)], Self.ids)
                == ["shard 2/3 is there 2 times: 2.json, again.json"]
        )
        let count = parts[0].report.cases.count
        parts[0].report.isComplete = false
        #expect(Self.issues(parts, Self.ids) == ["shard 1/3 was stopped before its end: 1.json has \(count) cases"])
    }

    @Test("A case that is missing, there twice, or in the wrong shard is named")
    func cases() {
        var parts = Self.parts(3)
        let lost = parts[2].report.cases.remove(at: 4)
        #expect(Self.issues(parts, Self.ids) == ["the case \(lost.id) is missing"])
        #expect(
            Self.issues(parts, nil).contains { $0.contains("has 60 cases, and the shards together have 59") }
        )
        parts[0].report.cases.append(lost)
        #expect(Self.issues(parts, Self.ids) == ["the case \(lost.id) belongs to shard 3/3 and is in 1.json"])
        parts[2].report.cases.append(lost)
        #expect(Self.issues(parts, Self.ids).contains("the case \(lost.id) is there twice, in 1.json and 3.json"))
    }

    @Test("Parts of different runs are refused, and what differs is named with its values")
    func differences() {
        var parts = Self.parts(2)
        parts[1].report.seed = 8
        parts[1].report.environment["gnutls"] = "3.8.0"
        parts[1].report.plan?.catalogue = "other"
        parts[1].report.plan?.commit = "abc"
        #expect(
            Self.issues(parts, Self.ids) == [
                "the seed is 7 in 1.json and 8 in 2.json",
                "the set of stacks is gnutls 3.7.9 in 1.json and gnutls 3.8.0 in 2.json",
                "the catalogue is c in 1.json and other in 2.json",
                "the commit is none in 1.json and abc in 2.json",
            ]
        )
    }

    @Test("A report that is of no shard is refused, and so is nothing")
    func unsharded() {
        let whole = ReportMerge.Part(file: "whole.json", report: Self.report(Self.ids, shard: nil))
        #expect(Self.issues([whole], nil).first?.hasPrefix("whole.json is not of a shard") == true)
        #expect(Self.issues([], nil) == ["there is no report to merge"])
    }

    private static func issues(_ parts: [ReportMerge.Part], _ selected: [String]?) -> [String] {
        do throws(MergeError) {
            _ = try ReportMerge.merge(parts, selected: selected)
            return []
        } catch {
            return error.issues
        }
    }

    private static func parts(_ count: Int) -> [ReportMerge.Part] {
        (1...count).compactMap { index in
            ShardPosition(index: index, count: count).map { shard in
                var report = report(ids.filter(shard.contains), shard: shard)
                report.durationMs = Double(index)
                return ReportMerge.Part(file: "\(index).json", report: report)
            }
        }
    }

    private static func report(_ played: [String], shard: ShardPosition?) -> RunReport {
        let cases = played.sorted().map { id in
            CaseResult(
                id: id,
                scenario: "scenario",
                axes: [:],
                server: .countersign,
                client: .gnutls,
                verdict: .passed,
                expected: [],
                rules: ["path/valid"],
                observed: Observed(),
                reason: nil,
                deviation: nil,
                durationMs: 1
            )
        }
        var report = RunReport(
            tool: Tool(name: "countersign", version: "1"),
            environment: ["gnutls": "3.7.9"],
            seed: 7,
            started: "2026-01-01T00:00:00Z",
            isComplete: true,
            findings: [],
            cases: cases,
            rules: RunReport.ruleHits(in: cases),
            durationMs: 1
        )
        report.plan = RunPlanRecord(
            catalogue: "c",
            commit: nil,
            selection: .init(),
            expectsEveryRule: false,
            selected: ids,
            shard: shard
        )
        return report
    }
}
