import Conformance
import FoundationEssentials
import Testing

@Suite("The catalogue of this repository")
struct RepositoryTests {
    /// The folder of scenarios, found from this file: tests run in any working directory.
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("scenarios").path

    /// Read once: some ten thousand cases for each test would be most of the suite's time.
    private static let loaded = Result { try Catalogue.load(directory: directory) }

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
            #expect(Set(scenario.cases.map(\.pairing)).count == 4, "\(scenario.id)")
            #expect(Set(scenario.cases.map(\.version)) == Set(ProtocolVersion.allCases), "\(scenario.id)")
        }
    }

    @Test("The oracle agrees with what authors state, and every refusal has a control that is accepted")
    func agreement() {
        #expect(Agreement.disagreements(of: catalogue.cases, oracle: Oracle()) == [])
    }

    @Test("Every scenario states some outcome by hand")
    func statements() {
        for scenario in catalogue.scenarios {
            #expect(scenario.cases.contains { $0.statedExpectation != nil }, "\(scenario.id)")
        }
    }

    @Test("Every rule of the oracle decides a case")
    func rules() {
        let oracle = Oracle()
        let hit = Set(catalogue.cases.flatMap { oracle.expectation(for: $0).rules })
        #expect(Oracle.ruleDescriptions.map(\.id).filter { !hit.contains($0) } == [])
    }

    @Test("Every deviation applies to a case that the oracle tells as it asks, and changes it")
    func deviations() {
        let oracle = Oracle()
        var idle = Set(catalogue.deviations.map(\.label))
        for candidate in catalogue.cases where !idle.isEmpty {
            let expectation = oracle.expectation(for: candidate)
            for deviation in catalogue.deviations where idle.contains(deviation.label) {
                guard deviation.applies(to: candidate, expecting: expectation) else { continue }
                if deviation.applied(to: expectation) != expectation { idle.remove(deviation.label) }
            }
        }
        #expect(idle.sorted() == [])
    }
}
