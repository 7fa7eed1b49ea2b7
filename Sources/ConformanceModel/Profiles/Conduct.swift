/// How a stack behaves on one side in one version of TLS, as far as it differs from the rules.
package struct Conduct: Hashable, Sendable {
    /// A stack's behaviour where it answers a rule otherwise.
    package struct Answer: Hashable, Sendable {
        /// The class of the refusal in the stack's own reading; the rule's own when nil.
        package var reason: DefectReason?
        package var alert: StatedAlerts?

        package init(reason: DefectReason? = nil, alert: StatedAlerts? = nil) {
            self.reason = reason
            self.alert = alert
        }
    }

    /// The alerts that a stack sends for a defect: nil for any, an empty set for none.
    package struct StatedAlerts: Hashable, Sendable {
        package var alerts: Set<AlertDescription>?

        package init(_ alerts: Set<AlertDescription>?) {
            self.alerts = alerts
        }
    }

    package var otherwise: [Rule: Answer] = [:]
    package var alerts: [DefectReason: StatedAlerts] = [:]
    package var alertsByRule: [Rule: StatedAlerts] = [:]
    /// The words in which the stack tells a defect, where they are others.
    package var readings: [DefectReason: String] = [:]
    /// The defects for which it refuses only when its handshake has been accepted, without an alert.
    package var refusesLate: Set<DefectReason> = []
    /// Client: whether it refuses a server of TLS 1.3 by an alert that is not encrypted.
    package var sendsPlaintextAlerts = false
    /// Server: whether it understands such an alert.
    package var readsPlaintextAlerts = true

    package init() {}
}

/// The conduct of both sides of a case.
package struct Conducts: Hashable, Sendable {
    package var server = Conduct()
    package var client = Conduct()

    package init(server: Conduct = Conduct(), client: Conduct = Conduct()) {
        self.server = server
        self.client = client
    }

    package subscript(side: Side) -> Conduct {
        get { side == .server ? server : client }
        set { if side == .server { server = newValue } else { client = newValue } }
    }

    /// Both sides with the answer to one rule turned over at one side.
    package func toggling(_ flip: SidedRule) -> Conducts {
        var result = self
        if result[flip.side].otherwise.removeValue(forKey: flip.rule) == nil {
            result[flip.side].otherwise[flip.rule] = Conduct.Answer()
        }
        return result
    }

    package func answering(_ flips: some Sequence<SidedRule>) -> Conducts {
        var result = self
        for flip in flips where result[flip.side].otherwise[flip.rule] == nil {
            result[flip.side].otherwise[flip.rule] = Conduct.Answer()
        }
        return result
    }
}
