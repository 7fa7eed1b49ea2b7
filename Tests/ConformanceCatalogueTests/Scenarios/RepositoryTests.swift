import ConformanceCatalogue
import ConformanceJudge
import ConformanceModel
import FoundationEssentials
import Testing

@Suite("The catalogue of this repository")
struct RepositoryTests {
    /// The folder of scenarios, found from this file: tests run in any working directory.
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("scenarios").path

    /// Read once: some ten thousand cases for each test would be most of the suite's time.
    static let loaded = Result { try Catalogue.load(directory: directory) }

    /// The answer of the oracle to each case, told once for all tests.
    private static let judged = loaded.map { catalogue in
        let oracle = Oracle()
        return catalogue.cases.map { (testCase: $0, expectation: oracle.expectation(for: $0)) }
    }

    private let catalogue: Catalogue

    init() throws {
        catalogue = try Self.loaded.get()
    }

    @Test("It has at least 4,000 cases, and no id stands twice")
    func size() {
        #expect(catalogue.cases.count >= 4000)
        #expect(Set(catalogue.cases.map(\.id)).count == catalogue.cases.count)
    }

    @Test("Every scenario is played by all four pairings in both versions")
    func breadth() {
        for scenario in catalogue.scenarios {
            let played = Set(scenario.cases.map(\.pairing).filter(\.programs.isEmpty))
            #expect(played.count == 4, "\(scenario.id)")
            #expect(Set(scenario.cases.map(\.version)) == Set(ProtocolVersion.allCases), "\(scenario.id)")
        }
    }

    @Test("The oracle agrees with what authors state, and every refusal has a control that is accepted")
    func agreement() {
        let expectations = Oracle().expectations(for: catalogue.cases)
        #expect(Agreement.disagreements(of: catalogue.cases, expecting: expectations, oracle: Oracle()) == [])
    }

    @Test("Every scenario states some outcome by hand")
    func statements() {
        for scenario in catalogue.scenarios {
            #expect(scenario.cases.contains { $0.statedExpectation != nil }, "\(scenario.id)")
        }
    }

    @Test("Every rule of the oracle decides a case")
    func rules() throws {
        let hit = Set(try Self.judged.get().flatMap(\.expectation.rules))
        #expect(Oracle.ruleDescriptions.map(\.id).filter { !hit.contains($0) } == [])
    }

    @Test(
        "Every rule makes a difference: without it, a case is expected to end in another way",
        arguments: Rule.allCases
    )
    func ruleMatters(rule: Rule) async throws {
        let mutated = Oracle(mutation: .ignoring(rule))
        await Task.yield()
        let isNoticed = try Self.judged.get().contains { testCase, expectation in
            guard expectation.rules.contains(rule.rawValue) else { return false }
            let other = mutated.expectation(for: testCase)
            return other.connections != expectation.connections
                || other.refusedRotations != expectation.refusedRotations
        }
        #expect(isNoticed)
    }

    @Test("Each scenario of resumption resumes in every pairing and version, so that declining says something")
    func resumes() throws {
        let judged = try Self.judged.get().filter { $0.testCase.scenario.hasPrefix("resumption/") }
        for (scenario, cases) in Dictionary(grouping: judged, by: \.testCase.scenario) {
            let resuming = cases.filter { $0.expectation.connections.contains { $0.resumed == true } }
            let declining = cases.filter { $0.expectation.connections.contains { $0.declinedBy != nil } }
            for part in [resuming, declining] {
                #expect(
                    Set(part.map { "\($0.testCase.version.rawValue) \($0.testCase.pairing)" }).count == 8,
                    "\(scenario)"
                )
            }
        }
    }

    @Test("Entries by a pattern of case ids are few: what a rule can say stands under rules")
    func exceptions() {
        #expect(catalogue.profiles.flatMap(\.exceptions).count <= 25)
    }

    @Test("Every entry of a stack in process shows in a case: without it, something else is expected")
    func entriesMatter() throws {
        let set = ProfileSet(catalogue.profiles)
        let oracle = Oracle()
        for stack in Stack.inProcess {
            var left = Set(set.entries(of: stack).map { $0.rule })
            for testCase in catalogue.cases where !left.isEmpty {
                let both = set.conducts(for: testCase.pairing, testCase.version)
                for side in Side.allCases where testCase.pairing[side] == stack {
                    // What the other side refuses first would hide what this one does.
                    var conducts = Conducts()
                    conducts[side] = both[side]
                    for rule in left where conducts[side].otherwise[rule] != nil {
                        let with = oracle.answer(for: testCase, conducts: conducts).expectation
                        let without = oracle.answer(for: testCase, conducts: conducts.toggling(SidedRule(rule, side)))
                        if with.connections != without.expectation.connections { left.remove(rule) }
                    }
                }
            }
            #expect(left.map(\.rawValue) == [], "\(stack.rawValue)")
        }
    }

    @Test("Every rule is probed by a case that no other rule decides")
    func probing() {
        #expect(Probing(profiles: ProfileSet(catalogue.profiles)).unprobed(in: catalogue.cases).map(\.rawValue) == [])
    }
}
