import Testing

@testable import ConformanceCatalogue
@testable import ConformanceModel

@Suite("The strength of a run")
struct StrengthSelectionTests {
    private static let catalogue = Result {
        try Catalogue.load(
            directory: #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/scenarios"
        )
    }

    @Test("Every combination of t axes of every scenario of the repository is played", arguments: [1, 2, 3])
    func covered(strength: Int) async throws {
        let catalogue = try Self.catalogue.get()
        let selection = StrengthSelection(catalogue, strength: .ways(strength), seed: 7)
        var combinations = 0
        for scenario in catalogue.scenarios where !StrengthSelection.fullTables.contains(scenario.id) {
            let all = Self.tuples(scenario.cases, strength)
            #expect(Self.tuples(scenario.cases.filter { selection.ids.contains($0.id) }, strength) == all)
            combinations += all.count
            await Task.yield()
        }
        #expect(selection.combinations == combinations)
        #expect(selection.ids.count < catalogue.cases.count)
        #expect(
            selection.sentence.hasPrefix(
                "Strength \(strength): \(selection.ids.count) of \(catalogue.cases.count) cases, with all \(combinations) "
            )
        )
    }

    @Test("The two full tables are played at any strength, and strength all plays everything")
    func full() throws {
        let catalogue = try Self.catalogue.get()
        let weakest = StrengthSelection(catalogue, strength: .ways(1), seed: 7)
        for id in StrengthSelection.fullTables {
            let scenario = try #require(catalogue.scenarios.first { $0.id == id })
            #expect(scenario.cases.allSatisfy { weakest.ids.contains($0.id) })
        }
        #expect(StrengthSelection(catalogue, strength: .all, seed: 7).ids.count == catalogue.cases.count)
    }

    @Test("Words are read, and others refused")
    func words() {
        #expect(["1", "2", "3", "all"].compactMap(Strength.init).map(\.description) == ["1", "2", "3", "all"])
        #expect(Strength("4") == nil && Strength("") == nil)
    }

    /// Counts the long way: names of axes and values, by every subset.
    private static func tuples(_ cases: [ConformanceCase], _ strength: Int) -> Set<[AxisValue]> {
        var found: Set<[AxisValue]> = []
        for testCase in cases {
            let count = testCase.axes.count
            for subset in 0..<(1 << count) where subset.nonzeroBitCount == min(strength, count) {
                found.insert((0..<count).filter { subset >> $0 & 1 == 1 }.map { testCase.axes[$0] })
            }
        }
        return found
    }
}
