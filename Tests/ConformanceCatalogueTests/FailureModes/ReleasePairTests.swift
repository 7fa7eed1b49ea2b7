import Testing

@testable import ConformanceCatalogue
@testable import ConformanceModel

@Suite("A failure mode on the releases that had it and that mended it")
struct ReleasePairTests {
    /// A pair with the recorded answers of both releases.
    struct Recorded: CustomTestStringConvertible, Sendable {
        var id: String
        var pair: ReleasePair
        var evidence: ReleaseEvidence

        var testDescription: String { id }
    }

    static func recorded() throws -> [Recorded] {
        try Repository.failureModes.get().modes.compactMap { mode in
            guard let pair = mode.releases, let evidence = mode.evidence else { return nil }
            return Recorded(id: mode.id, pair: pair, evidence: evidence)
        }
    }

    @Test("The recorded answers are of the play in its present form, and as documented", arguments: try recorded())
    func shown(_ recorded: Recorded) {
        #expect(recorded.evidence.play == recorded.pair.digest)
        #expect(recorded.pair.mismatches(recorded.evidence.affected, recorded.evidence.mended) == [])
        #expect(recorded.pair.isShown(by: recorded.evidence))
    }

    @Test("Exchanged releases turn both halves red", arguments: try recorded())
    func exchanged(_ recorded: Recorded) {
        let (pair, evidence) = (recorded.pair, recorded.evidence)
        #expect(pair.mismatches(of: evidence.mended, as: .affected) != [])
        #expect(pair.mismatches(of: evidence.affected, as: .mended) != [])
        var exchanged = evidence
        swap(&exchanged.affected, &exchanged.mended)
        #expect(!pair.isShown(by: exchanged))
    }

    @Test("Each half is red by itself", arguments: try recorded())
    func halves(_ recorded: Recorded) {
        let (pair, evidence) = (recorded.pair, recorded.evidence)
        let neverMended = pair.mismatches(evidence.affected, evidence.affected)
        #expect(Set(neverMended.map(\.role)) == [.mended])
        let neverAffected = pair.mismatches(evidence.mended, evidence.mended)
        #expect(Set(neverAffected.map(\.role)) == [.affected])
    }

    @Test("An answer that is missing agrees with nothing", arguments: try recorded())
    func missing(_ recorded: Recorded) {
        for role in ReleaseRole.allCases {
            var half = role == .affected ? recorded.evidence.affected : recorded.evidence.mended
            while let answer = half.answers.popLast() {
                let mismatches = recorded.pair.mismatches(of: half, as: role)
                #expect(mismatches.contains { $0.ask == answer.ask && $0.found == "no answer" })
            }
        }
    }

    @Test("At least 40 pairs have recorded answers, of at least 10 programs")
    func count() throws {
        let recorded = try Self.recorded().filter { !$0.pair.isToday }
        #expect(recorded.count >= 40)
        #expect(Set(recorded.map(\.pair.affected.program)).count >= 10)
    }

    @Test("Every release of a pair has a source")
    func sources() throws {
        let sources = try ReleaseSources.load(directory: Repository.root + "/scenarios")
        for mode in try Repository.failureModes.get().modes {
            guard let pair = mode.releases else { continue }
            for release in [pair.affected, pair.mended] + pair.companions {
                #expect(sources[release.program] != nil, "\(mode.id): \(release)")
            }
        }
    }

    @Test("A pair that shows nothing, or has nothing to compare with, is refused with every mistake")
    func mistakes() {
        func messages(_ release: String) -> [String] {
            let error = #expect(throws: ScenarioError.self) { try mode(playing: "{release: \(release)}") }
            return error?.issues.map(\.message) ?? []
        }
        let controls = messages("{affected: go@1.1, mended: go@1.1, run: [x], asks: [{ask: a, told: true, both: b}]}")
        #expect(controls.contains("affected and mended are the same release"))
        #expect(controls.contains("no answer of the two releases differs, so nothing is shown"))
        let lone = messages(
            "{affected: go@1.1, mended: go@1.2, run: [x], asks: [{ask: a, told: true, affected: b, mended: c}]}"
        )
        #expect(lone == ["the pair needs a control: a question with both, which both releases answer alike"])
        let words = messages("{affected: go, mended: ../x@1, serve: [x], run: [x], asks: [{ask: a, affected: '/[/'}]}")
        #expect(words.contains("affected is a release such as caddy@2.10.2, not “go”"))
        #expect(words.contains("mended is a release such as caddy@2.10.2, not “../x@1”"))
        #expect(words.contains("“a” needs affected and mended, or both for a control"))
        #expect(words.contains("“a”: /[/ is no regular expression"))
    }

    @Test("The halves of today have settings of their own above those of both")
    func today() throws {
        let mode = try mode(
            """
            {shows: {stack: nginx, serve: [a], files: {x: "1"}, environment: {A: "1"}}, serve: [b], files: {x: "0", y: "0"},
              right: {stack: go@1.26.1, prepare: [[c]]}, asks: [{ask: a, starts: true, shows: b, right: c}, {ask: d, settles: true, both: e}]}
            """
        )
        let pair = try #require(mode.releases)
        #expect(pair.isToday)
        #expect(pair.affected.description == "nginx")
        #expect(pair.played(as: .affected).command == .serve(["a"]))
        #expect(pair.played(as: .affected).files == ["x": "1", "y": "0"])
        #expect(pair.played(as: .affected).environment == ["A": "1"])
        #expect(pair.played(as: .mended).command == .serve(["b"]))
        #expect(pair.played(as: .mended).prepare == [["c"]])
        #expect(pair.stages[0].asks.map(\.settles) == [false, true])
        #expect(mode.sight == .none)
    }

    @Test("What was seen on one version of a program of the machine is seen on a stack as it is today")
    func sightOfToday() throws {
        var mode = try mode("{shows: {stack: nginx}, right: {stack: nginx}, run: [x], asks: [\(Self.asks)]}")
        let pair = try #require(mode.releases)
        func half(_ release: String, _ outcome: String) -> ReleaseHalf {
            let answers = [("a", outcome), ("d", "e")].map { ReleaseHalf.Answer(stage: "", ask: $0.0, outcome: $0.1) }
            return ReleaseHalf(release: release, answers: answers)
        }
        func evidence(_ release: String) -> ReleaseEvidence {
            ReleaseEvidence(
                id: "mine",
                play: pair.digest,
                date: "2026-11-29",
                affected: half(release, "b"),
                mended: half("nginx@1.22.1", "c")
            )
        }
        mode.evidence = evidence("nginx@1.22.1")
        #expect(mode.sight == .stack)
        #expect(mode.sightWords == "on nginx@1.22.1 as it is today, and not with other settings (2026-11-29)")
        mode.evidence = evidence("apache@2.4.68")
        #expect(mode.sight == .none)
    }

    @Test("A play of today that lacks a half is refused, and so is a question that settles and is no control")
    func mistakesOfToday() {
        let error = #expect(throws: ScenarioError.self) {
            try mode("{shows: {stack: '../x', run: [y]}, asks: [{ask: a, settles: true, shows: b, right: c}]}")
        }
        let messages = error?.issues.map(\.message) ?? []
        for part in [
            "stack is a program such as nginx, or a release such as caddy@2.10.2, not “../x”", "today needs right",
            "“a” settles, so it must be a control", "the pair needs a control",
        ] {
            #expect(messages.contains { $0.contains(part) }, "\(part) is not among \(messages)")
        }
    }

    private static let asks = "{ask: a, told: true, shows: b, right: c}, {ask: d, told: true, both: e}"

    private func mode(_ today: String) throws -> FailureMode {
        try mode(playing: "{today: \(today.replacing("\n", with: " "))}")
    }

    private func mode(playing play: String) throws -> FailureMode {
        let yaml = """
            failure-mode: mine
            title: A title
            group: credential
            layer: handshake
            sources: ["https://example.test/"]
            right: r
            field: f
            verdict: v
            causes: [{cause: c, tell: t}]
            fix: {any: a}
            play: \(play)
            """
        return try FailureModeCatalogue.mode(yaml: yaml, file: "failure-modes/mine.yaml")
    }

    @Test("An outcome is a text word by word, or a pattern for all of it")
    func outcomes() {
        #expect(ReleaseOutcome("200").permits("200"))
        #expect(!ReleaseOutcome("200").permits("200 alice"))
        #expect(ReleaseOutcome("/alert .*/").permits("alert unknown_ca"))
        #expect(!ReleaseOutcome("/alert/").permits("alert unknown_ca"))
    }

    @Test(
        "Versions are compared by their numbers",
        arguments: [("1.9", "1.19"), ("2.10.2", "2.11.1"), ("1.25.5", "1.26.0")]
    )
    func versions(older: String, newer: String) {
        #expect(VersionNumbers(older) < VersionNumbers(newer))
        #expect(AffectedVersions(program: "x", from: nil, before: newer).covers(older))
        #expect(!AffectedVersions(program: "x", from: nil, before: newer).covers(newer))
        #expect(!AffectedVersions(program: "x", from: newer, before: nil).covers(older))
    }
}
