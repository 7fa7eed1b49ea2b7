import Campaign
import ConformanceCatalogue
import ConformanceEngine
import ConformanceModel
import Foundation
import Peers
import Testing

@testable import Reproduction

@Suite("Documented failures by release")
struct DocumentedFailureTests {
    private func mode(_ id: String, affects: String = "{}", ids: String = "[]", pair: Bool = true) throws -> FailureMode
    {
        let play =
            pair
            ? "{release: {affected: thing@1.5, mended: thing@2.0, run: [x], asks: "
                + "[{ask: a, told: true, affected: bad, mended: good}, {ask: c, told: true, both: same}]}}"
            : "{not-played: It takes a moon.}"
        let yaml = """
            failure-mode: \(id)
            title: The title of \(id)
            group: credential
            layer: handshake
            ids: \(ids)
            affects: \(affects)
            sources: ["https://example.test/\(id)"]
            right: r
            field: f
            verdict: v
            causes: [{cause: c, tell: t}]
            fix: {any: a}
            play: \(play)
            """
        return try FailureModeCatalogue.mode(yaml: yaml, file: "failure-modes/\(id).yaml")
    }

    private func seen(_ mode: FailureMode) throws -> FailureMode {
        var mode = mode
        let pair = try #require(mode.releases)
        func half(_ release: ReleaseName, _ outcome: String) -> ReleaseHalf {
            ReleaseHalf(
                release: "\(release)",
                answers: [.init(stage: "", ask: "a", outcome: outcome), .init(stage: "", ask: "c", outcome: "same")]
            )
        }
        mode.evidence = ReleaseEvidence(
            id: mode.id,
            play: pair.digest,
            date: "2026-11-29",
            affected: half(pair.affected, "bad"),
            mended: half(pair.mended, "good")
        )
        return mode
    }

    @Test(
        "A release has what was seen on it, has what its version has, and is free of what was mended",
        arguments: [
            ("thing@1.5", StackFailures.State.hasSeen, StackFailures.State.hasByVersion),
            ("thing@2.0", .freeSeen, .freeByVersion),
            ("thing@1.7", .hasByVersion, .hasByVersion),
            ("thing@1.2", .mayHave, .neverHad),
            ("thing@2.10", .freeByVersion, .freeByVersion),
        ]
    )
    func states(release: String, pair: StackFailures.State, range: StackFailures.State) throws {
        let modes = [try seen(mode("pair")), try mode("range", affects: "{thing: [1.3 2.0]}", pair: false)]
        let rows = try StackFailures(release, modes).rows
        #expect(rows.first { $0.id == "pair" }?.state == pair)
        #expect(rows.first { $0.id == "range" }?.state == range)
    }

    @Test("A program that no failure speaks of is an error with the known ones")
    func unknown() throws {
        let error = #expect(throws: CommandError.self) { try StackFailures("other@1", [try mode("pair")]) }
        #expect(error?.message == "no documented failure names versions of “other”; there are thing")
        #expect(error?.status == .usage)
    }

    @Test("A failure mode is found by id, number and words, and two are an error")
    func choice() throws {
        let modes = [try mode("first-one", ids: "[CVE-2026-1]"), try mode("second-one")]
        #expect(try FailureModeChoice.mode("first-one", modes)?.id == "first-one")
        #expect(try FailureModeChoice.mode("cve-2026-1", modes)?.id == "first-one")
        #expect(try FailureModeChoice.mode("title second", modes)?.id == "second-one")
        #expect(try FailureModeChoice.mode("client-auth/a/b", modes) == nil)
        #expect(try FailureModeChoice.mode("nothing like it", modes) == nil)
        let error = #expect(throws: CommandError.self) { try FailureModeChoice.mode("title", modes) }
        #expect(error?.message == "“title” is in 2 failure modes: first-one, second-one; give the id of one")
    }

    @Test("Evidence of a play that was changed, or of exchanged releases, is none")
    func sight() throws {
        var mode = try seen(mode("pair"))
        #expect(mode.sight == .release)
        #expect(mode.sightWords == "on thing@1.5, and not on thing@2.0 (2026-11-29)")
        mode.releases?.digest = "other"
        #expect(mode.sight == .none)
        mode = try seen(self.mode("pair"))
        let evidence = try #require(mode.evidence)
        mode.evidence?.affected = evidence.mended
        mode.evidence?.mended = evidence.affected
        #expect(mode.sight == .none)
    }

    @Test("A release that isn't installed is skipped with the reason, and nothing is downloaded")
    func offline() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "failures-\(UUID())").path()
        try FileManager.default.createDirectory(atPath: "\(folder)/peers", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sources = "releases: {thing: {title: Thing, pypi: thing-bin, program: \"{release}/thing\", megabytes: 9}}\n"
        try Data(sources.utf8).write(to: URL(filePath: "\(folder)/peers/releases.yaml"))
        let session = try ReleaseSession(scenarios: folder, cache: .init(folder: "\(folder)/cache"), downloads: false)
        let mode = try mode("pair")
        let result = try session.play(mode, try #require(mode.releases), now: 0)
        #expect(
            result.verdict
                == .skipped("thing@1.5 is not installed; countersign install-peers thing@1.5 downloads about 9 MB")
        )
        #expect(result.text.hasPrefix("skipped    pair  thing@1.5 → thing@2.0: thing@1.5 is not installed"))
    }
}
