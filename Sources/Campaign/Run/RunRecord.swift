package import ConformanceEngine
package import ConformanceJudge
package import ConformanceModel
package import ConformanceReports
internal import Foundation
internal import Peers

/// The facts of a run before its first case, and how a report is made of it.
package struct RunRecord {
    package let seed: UInt64
    private let environment: [String: String]
    private let plan: RunPlanRecord
    private let started: Date
    /// The time that certificates are made for, in seconds since 1970.
    package let now: Int64
    private let clock: ContinuousClock.Instant

    package init(environment: [String: String], seed: UInt64, now: Int64?, plan: RunPlanRecord) {
        self.environment = environment
        self.seed = seed
        self.plan = plan
        started = .now
        self.now = now ?? Int64(started.timeIntervalSince1970)
        clock = .now
    }

    private var tool: Tool { Tool(name: "countersign", version: Version.text) }

    /// How a journal of this run begins.
    package var header: JournalHeader {
        JournalHeader(tool: tool, environment: environment, seed: seed, now: now, plan: plan)
    }

    /// A program that plays a side reads the machine's clock, and judges certificates for a time far from it wrongly.
    ///
    /// - Throws: `CommandError` when the time is so far away that a valid certificate may have expired.
    package func checkTime() throws {
        let distance = abs(now - Int64(started.timeIntervalSince1970))
        guard distance > Self.tolerableSeconds else { return }
        throw CommandError.usage(
            "the run's certificates would be made for a time \(distance / 3600) hours away from the machine's clock, which "
                + "some stacks go by; --now and a journal that --resume goes on with may be 6 hours old"
        )
    }

    private static let tolerableSeconds: Int64 = 6 * 3600

    /// - Parameter planned: How many cases were to be played.
    package func report(of end: RunSession.End, planned: Int) -> RunReport {
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
            tool: tool,
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
    package func status(of report: RunReport) -> ProcessStatus {
        if fault != nil { return .harnessFault }
        switch cause {
        case .signal(let number): return ProcessStatus(rawValue: 128 + number) ?? .interrupted
        case .unexpectedResult, .journal, nil: return ProcessStatus(of: report)
        }
    }
}

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
        try await Runner(configuration, peerPlayer: PeerHost.init).run(requests) { played in
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
