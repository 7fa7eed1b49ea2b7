internal import Conformance
internal import Foundation

/// What is known of a run before its first case, and how a report is made of it.
struct RunRecord {
    let seed: UInt64
    private let environment: [String: String]
    /// Whether every rule must have a case: a part of the catalogue can't be held to that.
    private let expectsEveryRule: Bool
    private let started: Date
    private let clock: ContinuousClock.Instant

    init(environment: [String: String], seed: UInt64, expectsEveryRule: Bool) {
        self.environment = environment
        self.seed = seed
        self.expectsEveryRule = expectsEveryRule
        started = .now
        clock = .now
    }

    /// The time that certificates are valid around, in seconds since 1970.
    var now: Int64 { Int64(started.timeIntervalSince1970) }

    /// - Parameter planned: How many cases were to be played.
    func report(of end: RunSession.End, planned: Int) -> RunReport {
        let isComplete = end.results.count == planned
        let hits = RunReport.ruleHits(in: end.results)
        var findings: [String] = []
        if isComplete {
            if expectsEveryRule {
                findings = RunReport.findings(cases: end.results, ruleHits: hits, unmatchedDeviations: [])
            }
            // Otherwise a run of which nothing could be played would look like a good one.
            if !end.results.isEmpty, end.results.allSatisfy({ [.unsupported, .skipped].contains($0.verdict) }) {
                findings.append("no case was played: each is unsupported or skipped, for the reasons given")
            }
        }
        return RunReport(
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
