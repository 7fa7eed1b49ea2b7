internal import Conformance
internal import Foundation

/// What is known of a run before its first case, and how a report is made of it.
struct RunRecord {
    let seed: UInt64
    private let environment: [String: String]
    private let plan: RunPlanRecord
    private let started: Date
    private let clock: ContinuousClock.Instant

    init(environment: [String: String], seed: UInt64, plan: RunPlanRecord) {
        self.environment = environment
        self.seed = seed
        self.plan = plan
        started = .now
        clock = .now
    }

    /// The time that certificates are valid around, in seconds since 1970.
    var now: Int64 { Int64(started.timeIntervalSince1970) }

    /// - Parameter planned: How many cases were to be played.
    func report(of end: RunSession.End, planned: Int) -> RunReport {
        let isComplete = end.results.count == planned
        let hits = RunReport.ruleHits(in: end.results)
        let findings =
            isComplete
            ? RunReport.findings(
                ofComplete: end.results,
                ruleHits: hits,
                expectsEveryRule: plan.expectsEveryRule && plan.shard == nil
            ) : []
        var report = RunReport(
            tool: Tool(name: "countersign", version: Version.text),
            environment: environment,
            seed: seed,
            started: started.formatted(.iso8601),
            isComplete: isComplete,
            findings: findings,
            cases: end.results,
            rules: hits,
            durationMs: (ContinuousClock.now - clock) / .milliseconds(1)
        )
        report.plan = plan
        return report
    }
}

extension RunSession.End {
    /// How the process ends.
    func status(of report: RunReport) -> ProcessStatus {
        if fault != nil { return .harnessFault }
        switch cause {
        case .signal(let number): return ProcessStatus(rawValue: 128 + number) ?? .interrupted
        case .unexpectedResult, nil: return ProcessStatus(of: report)
        }
    }
}
