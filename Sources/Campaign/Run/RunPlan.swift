package import ConformanceEngine
package import ConformanceJudge
package import ConformanceModel

/// The cases of a run with what is permitted for each, ready to be played and judged.
package struct RunPlan: Sendable {
    package let cases: [ConformanceCase]
    private let expectations: [CaseExpectation]
    private let judge: Judge

    /// - Throws: `CommandError` when a scenario states what the oracle doesn't derive, or lacks a positive control.
    package init(
        cases: [ConformanceCase],
        profiles: ProfileSet,
        knownHoles: KnownHoles = KnownHoles(),
        oracle: Oracle = Oracle()
    ) throws {
        self.cases = cases
        expectations = oracle.expectations(for: cases)
        try Self.checkAgreement(of: cases, expecting: expectations, oracle)
        judge = Judge(profiles: profiles, knownHoles: knownHoles)
    }

    /// Each case with what is permitted for it.
    package var expected: [(ConformanceCase, CaseExpectation)] { Array(zip(cases, expectations)) }

    /// Holds the scenarios against the oracle; an author who states another outcome must hear of it before a run.
    package static func checkAgreement(
        of cases: [ConformanceCase],
        expecting expectations: [CaseExpectation],
        _ oracle: Oracle,
        limit: Int = 20
    ) throws {
        let disagreements = Agreement.disagreements(of: cases, expecting: expectations, oracle: oracle)
        guard !disagreements.isEmpty else { return }
        var lines = disagreements.prefix(limit).joined(separator: "\n")
        if disagreements.count > limit { lines += "\nand \(disagreements.count - limit) more" }
        throw CommandError.usage("scenarios and oracle disagree:\n\(lines)")
    }

    /// Plays every case but those that were played before, and hands over each result as soon as it is judged.
    package func play(
        _ configuration: RunnerConfiguration,
        besides played: Set<String> = [],
        onResult: @escaping @Sendable (CaseResult) -> Void
    ) async throws {
        let requests = cases.indices.filter { !played.contains(cases[$0].id) }.map {
            PlayRequest(index: $0, testCase: cases[$0], playsControl: expectations[$0].hasRejection)
        }
        try await Runner(configuration).run(requests) { played in
            var result = judge.result(
                of: cases[played.index],
                expectation: expectations[played.index],
                outcome: played.outcome,
                durationMs: played.durationMs
            )
            if !played.retriedAfter.isEmpty { result.flaky = played.retriedAfter }
            onResult(result)
        }
    }
}
