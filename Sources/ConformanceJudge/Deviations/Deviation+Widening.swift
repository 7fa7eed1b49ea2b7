internal import ConformanceModel

extension Deviation {
    /// Whether the entry permits anything in a case that the oracle does not.
    ///
    /// Where it permits no more, it explains nothing, and is no less true for what is seen: a stack that always sends one
    /// alert goes on doing so where any alert is right.
    func widens(_ expectation: CaseExpectation, of pairing: Pairing) -> Bool {
        let patched = applied(to: expectation, of: pairing)
        return zip(patched.connections, expectation.connections).contains { !$0.isWithin($1) }
    }
}

extension ConnectionExpectation {
    /// Whether everything that this one permits is permitted by the other one too.
    fileprivate func isWithin(_ other: ConnectionExpectation) -> Bool {
        outcome.isWithin(other.outcome) && server.isWithin(other.server) && client.isWithin(other.client)
            && (other.resumed == nil || other.resumed == resumed)
    }
}

extension Outcome {
    /// A refusal with any alert is none without an alert.
    fileprivate func isWithin(_ other: Outcome) -> Bool {
        decision == other.decision && by == other.by
            && (other.alerts == alerts || other.alerts == nil && (decision != .rejected || alerts?.isEmpty == false))
            && (other.reasons.isEmpty || other.reasons == reasons)
            && (other.noticedByPeer == nil || other.noticedByPeer == noticedByPeer)
    }
}

extension SideExpectation {
    fileprivate func isWithin(_ other: SideExpectation) -> Bool {
        // What the other one does not assert, it permits; only the alert that arrives is then the one that was sent.
        alertReceived == other.alertReceived && overridden(by: other) == self
    }
}
