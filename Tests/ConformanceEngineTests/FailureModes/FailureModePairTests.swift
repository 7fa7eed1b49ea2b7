import ConformanceCatalogue
import ConformanceJudge
import ConformanceModel
import Testing

@testable import ConformanceEngine

/// Each failure mode that is played must be green where the behaviour is right and red where it is wrong; a defect of the
/// library is played in builds with the trait Selftest alone.
@Suite("A failure mode plays twice")
struct FailureModePairTests {
    struct Pair: CustomTestStringConvertible, Sendable {
        var id: String
        var globs: [String]
        var wrong: FailureMode.Wrong

        var testDescription: String { id }
    }

    static let modes = Result { try FailureModeCatalogue.load(directory: RepositoryCatalogue.directory) }

    static func pairs() throws -> [Pair] {
        try modes.get().modes.compactMap { mode in
            guard case .cases(let globs, let wrong) = mode.play else { return nil }
            return Pair(id: mode.id, globs: globs, wrong: wrong)
        }
    }

    @Test("At least 110 are documented, the thirty that cost most among them, and more are played than told")
    func count() throws {
        let modes = try Self.modes.get().modes
        #expect(modes.count >= 110)
        #expect(modes.compactMap(\.rank) == Array(1...30))
        let played = modes.count { mode in
            if case .reason = mode.play { false } else { true }
        }
        #expect(played * 2 > modes.count, "\(played) of \(modes.count)")
    }

    /// Words of a title, and what a case of it must have.
    static let triggers: [(word: String, pattern: String)] = [
        ("case-sensitive", #""[^"]*[A-Z][^"]*\.(test|TEST)""#), ("P-521", "p521"), ("Ed25519", "ed25519"),
        ("RSA-PSS", "rsaPSS|rsa-pss"), ("IP address", #""\d+\.\d+\.\d+\.\d+""#), ("wildcards", #""\*\."#),
        ("underscores", #""[^"]*_[^"]*\.test""#), ("trailing dots", #"\.test\.""#), ("cross-signed", "keyOf: Optional"),
        ("virtual host", #"identitiesByName: \[""#), ("revocation list", #"revocationLists: \[""#),
        ("revoked", #"revokes: \[""#), ("name constraints", "nameConstraints: Optional"),
        ("path length", "pathLength: Optional"), ("critical extension", "hasUnknownCriticalExtension: true"),
        ("punycode", "xn--"), ("fragmented", "fragments|records|segments"),
    ]

    @Test("What a title speaks of is in a case of it")
    func triggers() throws {
        for mode in try Self.modes.get().modes {
            guard case .cases(let globs, _) = mode.play else { continue }
            let words = "\(mode.id) \(mode.title)"
            for (word, pattern) in Self.triggers where words.contains(word) {
                let expression = try Regex(pattern)
                let cases = try RepositoryCatalogue.catalogue.get().select(globs: globs)
                #expect(
                    // Settings are boxed, and a box doesn't show its content.
                    cases.contains { "\($0) \($0.server) \($0.client)".contains(expression) },
                    "\(mode.id) speaks of \(word), and none of the \(cases.count) cases of \(globs) has it"
                )
            }
        }
    }

    @Test("The library is right, and the broken stack is noticed", arguments: try pairs())
    func pair(_ pair: Pair) async throws {
        let cases = try RepositoryCatalogue.catalogue.get().select(globs: pair.globs)
        switch pair.wrong {
        case .mutant(let name):
            let own = cases.filter { $0.pairing.server == .countersign && $0.pairing.client == .countersign }
            // What is wrong on one side of the library, the other side may cover up; GnuTLS doesn't.
            let mixed = cases.filter { ($0.pairing.server == .countersign) != ($0.pairing.client == .countersign) }
            var isNoticed = false
            for group in [own, mixed] where !isNoticed {
                let played = Self.sample(group)
                let right = try await RepositoryCatalogue.play(played, mutant: nil)
                let red = try RepositoryCatalogue.unexpected(right, by: nil).map { "\($0.id): \($0.reason ?? "")" }
                #expect(red == [])
                #if Selftest
                let wrong = try await RepositoryCatalogue.play(played, mutant: name)
                isNoticed = try RepositoryCatalogue.unexpected(wrong, by: nil).contains { $0.verdict == .failed }
                #else
                isNoticed = !played.isEmpty
                #endif
            }
            #expect(isNoticed, "\(cases.count) cases do not notice \(name)")
        case .profile(let stack, let name):
            let profiles = try RepositoryCatalogue.catalogue.get().profiles
            var profile = try #require(profiles.first { $0.stack == stack })
            let whole = profile
            profile.rules.removeAll { $0.rule.rawValue == name }
            profile.alerts.removeAll { "alert/\($0.subject.name)" == name }
            #expect(profile != whole, "\(stack.rawValue) says nothing of \(name)")
            let others = cases.filter { $0.pairing.server == stack || $0.pairing.client == stack }
            let played = try await RepositoryCatalogue.play(Self.sample(others), mutant: nil)
            #expect(try RepositoryCatalogue.unexpected(played, by: nil).map(\.id) == [])
            let judge = Judge(profiles: ProfileSet(profiles).replacing(profile))
            let red = played.filter { play in
                let result = judge.result(
                    of: play.testCase,
                    expectation: play.expectation,
                    outcome: play.outcome,
                    durationMs: 0
                )
                return result.verdict == .failed
            }
            #expect(!red.isEmpty, "\(played.count) cases of \(stack.rawValue) do not notice \(name)")
        }
    }

    /// A part of many cases, spread over all of them: what one shows, its neighbours show too.
    private static func sample(_ cases: [ConformanceCase]) -> [ConformanceCase] {
        let step = max(1, cases.count / 50)
        return cases.enumerated().filter { $0.offset % step == 0 }.map(\.element)
    }
}
