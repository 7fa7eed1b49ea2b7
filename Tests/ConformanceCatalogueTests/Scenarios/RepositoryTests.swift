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

    /// What the oracle says of each case, told once for all tests.
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

    @Test("Every deviation applies to a case that the oracle tells as it asks, and changes it")
    func deviations() throws {
        var idle = Set(catalogue.deviations.map(\.label))
        // Stacks that play as programs have no case of their own: those of our own pairing are replayed by them.
        let remote = Set(catalogue.deviations.map(\.stack)).subtracting([.countersign, .gnutls]).sorted()
        let pairings = remote.flatMap {
            [Pairing(server: $0, client: .countersign), Pairing(server: .countersign, client: $0)]
        }
        let oracle = Oracle()
        let candidates = try catalogue.replayed(
            by: pairings,
            globs: ["client-auth/credentials", "server-auth/roots"],
            deviations: []
        ).cases
        let remoteCases = candidates.lazy.map { (testCase: $0, expectation: oracle.expectation(for: $0)) }
        func strikeOff(_ candidate: ConformanceCase, _ expectation: CaseExpectation) {
            for deviation in catalogue.deviations where idle.contains(deviation.label) {
                guard deviation.applies(to: candidate, expecting: expectation) else { continue }
                if deviation.applied(to: expectation, of: candidate.pairing) != expectation {
                    idle.remove(deviation.label)
                }
            }
        }
        for (candidate, expectation) in remoteCases where !idle.isEmpty { strikeOff(candidate, expectation) }
        for (candidate, expectation) in try Self.judged.get() where !idle.isEmpty { strikeOff(candidate, expectation) }
        // Whatever is left is looked for where it says.
        let left = catalogue.deviations.filter { idle.contains($0.label) && remote.contains($0.stack) }
        for (stack, entries) in Dictionary(grouping: left, by: \.stack) {
            let pairings = [Stack.countersign, .gnutls].flatMap {
                [Pairing(server: $0, client: stack), Pairing(server: stack, client: $0)]
            }
            let globs = Set(entries.flatMap { $0.cases.map(\.pattern) }).sorted()
            let cases = try catalogue.replayed(by: pairings, globs: globs, deviations: []).cases
            for candidate in cases
            where entries.contains(where: { idle.contains($0.label) && $0.applies(to: candidate) }) {
                strikeOff(candidate, oracle.expectation(for: candidate))
            }
        }
        #expect(idle.sorted() == [])
    }
}
