import ConformanceModel
import Testing

@testable import Campaign

@Suite("Exit codes")
struct ProcessStatusTests {
    @Test(
        "A run ends with the code that its verdicts give",
        arguments: [
            ([Verdict.passed, .deviated, .unsupported, .skipped], ProcessStatus.asExpected),
            ([.passed, .failed], .unexpectedResults),
            ([.unexpectedlyPassed], .unexpectedResults),
            ([.timedOut], .unexpectedResults),
            ([.passed, .errored], .harnessFault),
            ([.crashed], .harnessFault),
            ([.failed, .errored], .unexpectedResults),
        ]
    )
    func verdicts(verdicts: [Verdict], status: ProcessStatus) {
        #expect(ProcessStatus(of: report(verdicts)) == status)
    }

    @Test("A finding of the run as a whole is unexpected")
    func finding() {
        #expect(ProcessStatus(of: report([.passed], findings: ["a rule without a case"])) == .unexpectedResults)
    }

    private func report(_ verdicts: [Verdict], findings: [String] = []) -> RunReport {
        RunReport(
            tool: Tool(name: "countersign", version: "1"),
            environment: [:],
            seed: 1,
            started: "",
            isComplete: true,
            findings: findings,
            cases: verdicts.enumerated().map { result("\($0.offset)", $0.element) },
            rules: [:],
            durationMs: 1
        )
    }
}
