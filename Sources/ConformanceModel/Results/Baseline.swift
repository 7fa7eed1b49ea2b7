/// The verdicts that a later run is compared with, and what they were seen with.
package struct Baseline: Hashable, Sendable {
    package var tool: Tool
    /// Stack name to version.
    package var environment: [String: String]
    /// Scenario to the median time of its cases, in milliseconds.
    package var medianMs: [String: Double]
    /// Case id to verdict.
    package var verdicts: [String: Verdict]

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
