/// A condition on what the oracle permits, so that one entry can speak of, say, every expired certificate.
package struct ExpectedOutcome: Hashable, Sendable {
    package var decision: Outcome.Decision?
    package var by: Side?
    /// The oracle's alerts must all be among these; an outcome that permits any alert has none to compare.
    package var alerts: [AlertDescription]?
    /// One of the oracle's reasons must be among these.
    package var reasons: [String]?

    /// Whether a session is resumed.
    package var resumed: Bool?
    /// Whether a session is offered that must not be resumed.
    package var declined: Bool?

    package init(
        decision: Outcome.Decision? = nil,
        by: Side? = nil,
        alerts: [AlertDescription]? = nil,
        reasons: [String]? = nil,
        resumed: Bool? = nil,
        declined: Bool? = nil
    ) {
        self.decision = decision
        self.by = by
        self.alerts = alerts
        self.reasons = reasons
        self.resumed = resumed
        self.declined = declined
    }

    package func matches(_ expectation: ConnectionExpectation) -> Bool {
        if let resumed, resumed != expectation.resumed { return false }
        if let declined, declined != (expectation.declinedBy != nil) { return false }
        return matches(expectation.outcome)
    }

    private func matches(_ outcome: Outcome) -> Bool {
        if let decision, decision != outcome.decision { return false }
        if let by, by != outcome.by { return false }
        if let reasons, !outcome.reasons.contains(where: reasons.contains) { return false }
        guard let alerts else { return true }
        return outcome.alerts.map { !$0.isEmpty && $0.allSatisfy(alerts.contains) } ?? false
    }
}
