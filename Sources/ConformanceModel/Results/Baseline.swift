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
