import ConformanceEngine
import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

/// The result of a run if one outcome in the oracle were changed.
@Suite("A wrong oracle turns a run red", .serialized)
struct OracleMutationTests {
    @Test("The oracle as it is finds nothing unexpected")
    func unmutated() async throws {
        let played = try await RepositoryCatalogue.playedByLibrary.value
        #expect(played.count > 2000)
        let unexpected = try RepositoryCatalogue.unexpected(played, by: nil)
        #expect(unexpected.map { "\($0.id): \($0.reason ?? "")" } == [])
    }

    @Test("Each rule that is left out is noticed", arguments: Rule.allCases)
    func ignoredRule(rule: Rule) async throws {
        let hit = try await RepositoryCatalogue.playedByLibrary.value.filter {
            $0.expectation.rules.contains(rule.rawValue)
        }
        #expect(!hit.isEmpty)
        let isNoticed = try RepositoryCatalogue.isNoticed(Oracle(mutation: .ignoring(rule)), in: hit)
        #expect(isNoticed, "no case notices that \(rule.rawValue) is left out")
    }

    @Test("Each alert that is changed is noticed", arguments: Rule.allCases)
    func wrongAlert(rule: Rule) async throws {
        let oracle = Oracle(mutation: .wrongAlert(rule))
        let hit = try await RepositoryCatalogue.playedByLibrary.value.filter {
            $0.expectation.rules.contains(rule.rawValue)
        }
        // Rules that permit something ask for no alert.
        guard hit.contains(where: { oracle.expectation(for: $0.testCase) != $0.expectation }) else { return }
        #expect(
            try RepositoryCatalogue.isNoticed(oracle, in: hit),
            "no case notices another alert for \(rule.rawValue)"
        )
    }
}
