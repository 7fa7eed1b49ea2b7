/// The one value that every report is rendered from.
package struct RunReport: Hashable, Codable, Sendable {
    package var tool: Tool
    /// Stack name to version, for example `gnutls` to `3.7.9`.
    package var environment: [String: String]
    package var seed: UInt64
    /// The plan of the run; nil in results of a version that did not note it.
    package var plan: RunPlanRecord?
    /// The options that play one of its cases alone besides the id; nil when the id is enough.
    package var options: RunOptions?
    /// The start of the run in UTC, RFC 3339.
    package var started: String
    /// False when the run was interrupted and holds a part of its cases.
    package var isComplete: Bool
    /// Why the run as a whole is not as expected besides its cases: a rule without a hit, a stale deviation.
    package var findings: [String]
    /// Ordered by id.
    package var cases: [CaseResult]
    /// Rule id to the number of cases that it decided; rules without a hit stand with 0.
    package var rules: [String: Int]
    package var totals: Totals
    /// The documented failure modes that the run plays; nil where nobody looked at them.
    package var failureModes: [FailureModeOutcome]?
    /// Stack to what the run shows of it; nil where nobody looked.
    package var profiles: [String: InferredProfile]?
    /// Wall-clock time of the whole run in milliseconds.
    package var durationMs: Double

    package init(
        tool: Tool,
        environment: [String: String],
        seed: UInt64,
        started: String,
        isComplete: Bool,
        findings: [String],
        cases: [CaseResult],
        rules: [String: Int],
        durationMs: Double
    ) {
        self.tool = tool
        self.environment = environment
        self.seed = seed
        self.started = started
        self.isComplete = isComplete
        self.findings = findings
        self.cases = cases
        self.rules = rules
        self.totals = Totals(cases)
        self.durationMs = durationMs
    }

    /// The stacks that the run was asked to judge; none where the library and GnuTLS play, or known stacks as peers.
    package var subjects: [Stack] {
        guard let plan, let options else { return [] }
        return options.subjects(of: plan)
    }

    /// Whether the run ends with exit code 1.
    package var hasUnexpectedResults: Bool {
        !findings.isEmpty || cases.contains { !$0.verdict.isExpected }
    }
}

/// The program that wrote a report.
package struct Tool: Hashable, Codable, Sendable {
    package var name: String
    package var version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// How many cases ended with each verdict.
package struct Totals: Hashable, Codable, Sendable {
    package var cases: Int
    /// Verdict to count; every verdict stands, also with 0.
    package var verdicts: [String: Int]

    package init(_ results: [CaseResult]) {
        cases = results.count
        verdicts = Dictionary(uniqueKeysWithValues: Verdict.allCases.map { ($0.rawValue, 0) })
        for result in results {
            verdicts[result.verdict.rawValue, default: 0] += 1
        }
    }
}

extension RunReport {
    /// The findings about a complete run besides its cases: no case at all, a rule that no case hits, a deviation that
    /// matches no case.
    package static func findings(
        cases: [CaseResult],
        ruleHits: [String: Int],
        unmatchedDeviations: [String]
    ) -> [String] {
        var findings: [String] = []
        if cases.isEmpty { findings.append("the run has no case, so it says nothing") }
        for (rule, hits) in ruleHits.sorted(by: { $0.key < $1.key }) where hits == 0 {
            findings.append("no case hits the rule \(rule): add a scenario that does, or remove the rule")
        }
        for deviation in unmatchedDeviations.sorted() {
            findings.append("the deviation “\(deviation)” matches no case: remove the entry or mend its globs")
        }
        return findings
    }

    /// The findings about a run that was played to its end, besides its cases.
    ///
    /// - Parameter expectsEveryRule: whether every rule must have a case; a part of the catalogue can't be held to that.
    package static func findings(
        ofComplete cases: [CaseResult],
        ruleHits: [String: Int],
        expectsEveryRule: Bool
    ) -> [String] {
        var findings =
            expectsEveryRule ? findings(cases: cases, ruleHits: ruleHits, unmatchedDeviations: []) : []
        // Otherwise a run of which nothing could be played would look like a good one.
        if !cases.isEmpty, cases.allSatisfy({ [.unsupported, .skipped].contains($0.verdict) }) {
            findings.append("no case was played: each is unsupported or skipped, for the reasons given")
        }
        return findings
    }

    /// How many cases each rule decided; every rule stands, also with 0.
    package static func ruleHits(in cases: [CaseResult]) -> [String: Int] {
        var hits = Dictionary(uniqueKeysWithValues: Rule.allCases.map { ($0.rawValue, 0) })
        for rule in cases.flatMap(\.rules) { hits[rule, default: 0] += 1 }
        return hits
    }
}

/// The verdicts that a later run is compared with, and what they were seen with.
package struct Baseline: Hashable, Sendable {
    package var tool: Tool
    /// Stack name to version.
    package var environment: [String: String]
    /// Scenario to the median time of its cases, in milliseconds.
    package var medianMs: [String: Double]
    /// Case id to verdict.
    package var verdicts: [String: Verdict]
    /// A digest of the catalogue that was played; nil in files that don't say.
    package var catalogue: String?
    /// Why a case ended as it did, for cases that did not simply pass. Results tell it; a baseline file does not.
    package var told: [String: Told] = [:]

    /// The reason and the cause of one case's verdict.
    package struct Told: Hashable, Sendable {
        package var reason: String?
        package var cause: ResultCause?
        /// Entries of profiles, `STACK: entry`.
        package var deviation: String?

        package init(reason: String? = nil, cause: ResultCause? = nil, deviation: String? = nil) {
            self.reason = reason
            self.cause = cause
            self.deviation = deviation
        }
    }

    package init(
        tool: Tool,
        environment: [String: String],
        medianMs: [String: Double],
        verdicts: [String: Verdict]
    ) {
        self.tool = tool
        self.environment = environment
        self.medianMs = medianMs
        self.verdicts = verdicts
    }

    package init(_ report: RunReport) {
        self.init(
            tool: report.tool,
            environment: report.environment,
            medianMs: Dictionary(grouping: report.cases, by: \.scenario).mapValues(Self.median),
            verdicts: Dictionary(report.cases.map { ($0.id, $0.verdict) }, uniquingKeysWith: { first, _ in first })
        )
        catalogue = report.plan?.catalogue
        for result in report.cases where result.verdict != .passed {
            told[result.id] = Told(reason: result.reason, cause: result.cause, deviation: result.deviation)
        }
    }

    /// The part that speaks of some cases: a run of a selection says nothing about the others.
    package func restricted(to ids: Set<String>) -> Baseline {
        var part = self
        part.verdicts = verdicts.filter { ids.contains($0.key) }
        return part
    }

    /// The upper median, which few slow cases of a scenario don't move.
    private static func median(_ results: [CaseResult]) -> Double {
        let times = results.map(\.durationMs).sorted()
        return times.isEmpty ? 0 : times[times.count / 2]
    }
}
