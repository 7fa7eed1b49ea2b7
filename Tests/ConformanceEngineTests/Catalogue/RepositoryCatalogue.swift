import ConformanceCatalogue
import ConformanceEngine
import ConformanceJudge
import ConformanceModel

/// The scenarios of this repository, and runs of a part of them in this process.
enum RepositoryCatalogue {
    static let directory = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/scenarios"
    static let catalogue = Result { try Catalogue.load(directory: directory) }

    /// One case with what was seen of it.
    struct Played: Sendable {
        var testCase: ConformanceCase
        var expectation: CaseExpectation
        var outcome: PlayOutcome
    }

    /// Both sides by the library: the quickest pairing, and every rule has cases in it. A session under another name is
    /// offered by GnuTLS alone, and a server's rule about it shows there.
    static let playedByLibrary = Task {
        let cases = try catalogue.get().cases.filter { testCase in
            testCase.pairing == Pairing(server: .countersign, client: .countersign)
                || testCase.scenario == "resumption/sni-policy"
                    && testCase.pairing == Pairing(server: .countersign, client: .gnutls)
        }
        return try await play(cases, mutant: nil)
    }

    /// Plays cases one by one, and lets others run in between: whoever waits for a network must not starve.
    static func play(_ cases: [ConformanceCase], mutant: String?) async throws -> [Played] {
        let player = CasePlayer(stacks: try .standard(libraryMutant: mutant))
        let oracle = Oracle()
        var played: [Played] = []
        for testCase in cases {
            let expectation = oracle.expectation(for: testCase)
            let outcome = player.play(testCase, seed: 7, now: Present.now, playsControl: expectation.hasRejection)
            played.append(Played(testCase: testCase, expectation: expectation, outcome: outcome))
            await Task.yield()
        }
        return played
    }

    /// Whether a case doesn't end as expected, judged by `oracle`; cases after the first such one are not looked at.
    static func isNoticed(_ oracle: Oracle, in played: [Played]) throws -> Bool {
        let judge = Judge(profiles: ProfileSet(try catalogue.get().profiles), oracle: oracle)
        return played.contains { play in
            let expectation = oracle.expectation(for: play.testCase)
            // What is expected as before ends as before.
            guard expectation != play.expectation else { return false }
            let result = judge.result(
                of: play.testCase,
                expectation: expectation,
                outcome: play.outcome,
                durationMs: 0
            )
            return !result.verdict.isExpected
        }
    }

    /// The cases that did not end as expected, judged by `oracle`.
    static func unexpected(_ played: [Played], by oracle: Oracle?) throws -> [CaseResult] {
        let judge = Judge(profiles: ProfileSet(try catalogue.get().profiles), oracle: oracle ?? Oracle())
        return played.map { play in
            judge.result(
                of: play.testCase,
                expectation: oracle?.expectation(for: play.testCase) ?? play.expectation,
                outcome: play.outcome,
                durationMs: 0
            )
        }
        .filter { !$0.verdict.isExpected }
    }
}
