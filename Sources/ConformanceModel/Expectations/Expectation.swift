/// The outcome that the oracle permits for a whole case.
package struct CaseExpectation: Hashable, Codable, Sendable {
    /// One expectation for each connection of the case, in order.
    package var connections: [ConnectionExpectation]
    /// The sides whose rotation must be refused, in the order of the steps.
    package var refusedRotations: [Side]
    /// The rules that gave the outcome, by id, in the order in which they first spoke.
    package var rules: [String]

    package init(connections: [ConnectionExpectation], refusedRotations: [Side] = [], rules: [String]) {
        self.connections = connections
        self.refusedRotations = refusedRotations
        self.rules = rules
    }

    /// Whether some connection must be refused, so that the case needs a positive control.
    package var hasRejection: Bool {
        connections.contains { $0.outcome.isRejection }
    }
}

/// The outcome that the oracle permits for one connection.
package struct ConnectionExpectation: Hashable, Codable, Sendable {
    package var outcome: Outcome
    /// The report that each side must give of the connection.
    package var server: SideExpectation
    package var client: SideExpectation
    /// Whether an accepted connection resumes a session; nil when both are right.
    package var resumed: Bool?
    /// Where a session was offered that must not be resumed: the sides of which each must see to it by itself.
    package var declinedBy: [Side]?

    package init(
        outcome: Outcome,
        server: SideExpectation,
        client: SideExpectation,
        resumed: Bool? = false,
        declinedBy: [Side]? = nil
    ) {
        self.outcome = outcome
        self.server = server
        self.client = client
        self.resumed = resumed
        self.declinedBy = declinedBy
    }

    package subscript(side: Side) -> SideExpectation {
        side == .server ? server : client
    }
}

/// The end of a handshake that the oracle permits.
package struct Outcome: Hashable, Codable, Sendable {
    package enum Decision: String, Hashable, Codable, Sendable {
        case accepted
        /// Refused by one side's check in the handshake.
        case rejected
        /// A side's own settings are refused before any byte.
        case configurationError = "configuration-error"
    }

    package var decision: Decision
    /// The side that refuses; nil when accepted.
    package var by: Side?
    /// The defects found, sorted, for example `expired`; empty when accepted.
    package var reasons: [String]
    /// The alerts permitted, ascending; nil when any is, because the credential has more than one defect, and when
    /// there is none to send.
    package var alerts: [AlertDescription]?
    /// Where the other side notices a rejection.
    package var noticedByPeer: NoticePoint?

    package init(
        decision: Decision,
        by: Side? = nil,
        reasons: [String],
        alerts: [AlertDescription]? = nil,
        noticedByPeer: NoticePoint? = nil
    ) {
        self.decision = decision
        self.by = by
        self.reasons = reasons
        self.alerts = alerts
        self.noticedByPeer = noticedByPeer
    }

    package static let accepted = Outcome(decision: .accepted, reasons: [])

    package static func rejected(
        by side: Side,
        reasons: [String],
        alerts: [AlertDescription]?,
        noticedByPeer: NoticePoint
    ) -> Outcome {
        Outcome(decision: .rejected, by: side, reasons: reasons, alerts: alerts, noticedByPeer: noticedByPeer)
    }

    package static func configurationError(_ side: Side, reason: String) -> Outcome {
        Outcome(decision: .configurationError, by: side, reasons: [reason])
    }

    package var isRejection: Bool { decision == .rejected }
}

/// The report that one side must give; nil means that the oracle asserts nothing about it.
package struct SideExpectation: Hashable, Codable, Sendable {
    /// Stands for "no certificate" and "no name"; no entry of a scenario may have this name.
    package static let none = "none"

    /// The entry whose certificate this side must have presented, or `none`.
    package var presented: String?
    /// The entry whose certificate this side must have received, or `none`.
    package var received: String?
    package var verified: Bool?
    package var verifiedChainLength: Int?
    /// server_name as sent or received, or `none`.
    package var sni: String?
    /// Client: whether the server asks for a certificate.
    package var certificateRequested: Bool?
    /// Client: the CA names of the CertificateRequest, as names of the scenario's entries, sorted.
    package var acceptableCAs: [String]?
    /// Whether this side counts a connection as accepted that the other one refuses, by a known difference.
    package var goesOn: Bool?
    /// Client: whether it speaks without TLS, by a known difference, after which nothing else is asserted.
    package var speaksPlainly: Bool?
    /// The alert that reaches this side by a known difference, or `none`; otherwise the one that the other side sent.
    package var alertReceived: String?

    package init() {}
}

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
