internal import Conformance
internal import ConformanceEngine

/// The cases of a run with what is permitted for each, ready to be played and judged.
struct RunPlan: Sendable {
    let cases: [ConformanceCase]
    private let expectations: [CaseExpectation]
    private let judge: Judge

    init(cases: [ConformanceCase], deviations: [Deviation], oracle: Oracle = Oracle()) {
        self.cases = cases
        expectations = cases.map(oracle.expectation(for:))
        judge = Judge(deviations: deviations)
    }

    /// Plays every case, and hands over each result as soon as it is judged.
    func play(_ configuration: RunnerConfiguration, onResult: @escaping @Sendable (CaseResult) -> Void) async throws {
        let requests = cases.indices.map {
            PlayRequest(index: $0, testCase: cases[$0], playsControl: expectations[$0].hasRejection)
        }
        try await Runner(configuration).run(requests) { played in
            onResult(
                judge.result(
                    of: cases[played.index],
                    expectation: expectations[played.index],
                    outcome: played.outcome,
                    durationMs: played.durationMs
                )
            )
        }
    }
}
