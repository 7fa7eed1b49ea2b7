import ConformanceCatalogue
import ConformanceModel
import Testing

@testable import ConformanceJudge

@Suite("Holes")
struct HoleTests {
    private static let stack = Stack(rawValue: "made-up")

    /// An expired client of a server that lets it in.
    private func judge(_ profile: String, knownHoles: String? = nil, version: String = "1.2") throws -> CaseResult {
        var fixture = CaseFixture()
        fixture.pairing = Pairing(server: Self.stack, client: .countersign)
        fixture.certificates["client"]?.validFrom = -7200
        fixture.certificates["client"]?.validTo = -3600
        let testCase = fixture.conformanceCase
        var accepted = Profile(stack: Self.stack)
        accepted.rules = [.init(rule: .pathExpired, answer: .accepts)]
        let evidence = Simulation(profile: accepted).evidence([testCase], beside: .none)
        var control = evidence[0].connections[0]
        control.server.accepted = true
        let holes = try knownHoles.map { try KnownHoles.parse(yaml: $0, file: "holes.yaml") } ?? KnownHoles()
        let set = ProfileSet(
            [try Profile.profile(yaml: profile, file: "profiles/made-up.yaml")],
            versions: ["made-up": version]
        )
        return Judge(profiles: set, knownHoles: holes).result(
            of: testCase,
            expectation: Oracle().expectation(for: testCase),
            outcome: .played(connections: evidence[0].connections, control: control),
            durationMs: 1
        )
    }

    private static let entry = """
        stack: made-up
        rules:
          path/expired: {answer: accepts, class: hole, why: w, source: s}
        """

    @Test("No entry of a profile turns one green")
    func entry() throws {
        let result = try judge(Self.entry)
        #expect(result.verdict == .failed)
        #expect(result.reason?.hasPrefix("made-up has a hole: path/expired; ") == true)
    }

    @Test("No pattern turns one green, however often it is said to show", arguments: [true, false])
    func pattern(sometimes: Bool) throws {
        let result = try judge(
            """
            stack: made-up
            exceptions:
              - name: everything
                side: server
                cases: ["*"]
                instead: {outcome: accepted}
                sometimes: \(sometimes)
                reason: r
                source: s
            """
        )
        #expect(result.verdict == .failed)
        #expect(result.reason?.hasPrefix("made-up has a hole: everything; ") == true)
    }

    @Test("A run goes on with one that it was told of, in the versions that were named", arguments: ["1.2", "1.3"])
    func known(version: String) throws {
        let list = "holes: [{stack: made-up, rule: path/expired, versions: [\"1.2\"], reason: r}]"
        let result = try judge(Self.entry, knownHoles: list, version: version)
        #expect(result.verdict == (version == "1.2" ? .deviated : .failed))
        #expect(version == "1.3" || result.deviation == "made-up: path/expired")
    }

    @Test("No profile may call one by another name")
    func renamed() {
        let yaml = """
            stack: made-up
            rules:
              path/expired: {answer: accepts, class: wording, why: w, source: s}
            """
        #expect(throws: ScenarioError.self) { try Profile.profile(yaml: yaml, file: "profiles/made-up.yaml") }
    }

    @Test("A list of known holes takes nothing that is none")
    func noHole() {
        #expect(throws: ScenarioError.self) {
            try KnownHoles.parse(yaml: "holes: [{stack: a, rule: purpose/any, reason: r}]", file: "holes.yaml")
        }
    }

    @Test("One that no longer shows is named")
    func healed() throws {
        let holes = try KnownHoles.parse(
            yaml: "holes: [{stack: made-up, rule: path/expired, reason: r}]",
            file: "holes.yaml"
        )
        var profile = InferredProfile()
        #expect(holes.healed(in: ["made-up": profile], versions: [:]) == [])
        profile.kept = ["path/expired"]
        #expect(
            holes.healed(in: ["made-up": profile], versions: [:]) == [
                "the known hole path/expired of made-up no longer shows: remove it from the list, or narrow its versions"
            ]
        )
    }
}
