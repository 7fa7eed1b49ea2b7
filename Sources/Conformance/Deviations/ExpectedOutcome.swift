/// A condition on what the oracle permits, so that one entry can speak of, say, every expired certificate.
package struct ExpectedOutcome: Hashable, Sendable {
    package var decision: Outcome.Decision?
    package var by: Side?
    /// The oracle's alerts must all be among these; an outcome that permits any alert has none to compare.
    package var alerts: [AlertDescription]?
    /// One of the oracle's reasons must be among these.
    package var reasons: [String]?

    package init(
        decision: Outcome.Decision? = nil,
        by: Side? = nil,
        alerts: [AlertDescription]? = nil,
        reasons: [String]? = nil
    ) {
        self.decision = decision
        self.by = by
        self.alerts = alerts
        self.reasons = reasons
    }

    func matches(_ outcome: Outcome) -> Bool {
        if let decision, decision != outcome.decision { return false }
        if let by, by != outcome.by { return false }
        if let reasons, !outcome.reasons.contains(where: reasons.contains) { return false }
        guard let alerts else { return true }
        return outcome.alerts.map { !$0.isEmpty && $0.allSatisfy(alerts.contains) } ?? false
    }
}
