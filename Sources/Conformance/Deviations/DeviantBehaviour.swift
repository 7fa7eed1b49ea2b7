/// What is seen instead of what the oracle permits: a change of a ``ConnectionExpectation``.
package struct DeviantBehaviour: Hashable, Sendable {
    /// The alerts that are seen instead.
    package enum Alerts: Hashable, Sendable {
        /// One of these; an empty list means that none is sent at all.
        case among([AlertDescription])
        /// Any alert, but one.
        case any
    }

    /// Which connections of a case an entry changes.
    package enum Connections: Hashable, Sendable {
        /// One of them, from 1.
        case number(Int)
        case all
    }

    /// nil for those whose outcome the entry expects, or the last one where it expects none.
    package var connections: Connections?
    package var decision: Outcome.Decision?
    /// The side that refuses; the deviating stack's own when the outcome changes and nothing is said.
    package var by: Side?
    /// The classes of the refusal that the stack tells instead, where it reads its own refusal in another way.
    package var reasons: [String]?
    package var alerts: Alerts?
    /// Where the other side notices. When the outcome changes and nothing is said, a server notices in the handshake,
    /// and nothing is asserted about a client, for which it depends on the version.
    package var noticedByPeer: NoticePoint?
    /// Whether a session is resumed; `true` means that of the last full handshake before, with the peers of that one.
    package var resumed: Bool?
    package var server = SideExpectation()
    package var client = SideExpectation()

    package init() {}

    /// Whether nothing is stated, so that the entry would explain nothing.
    var isEmpty: Bool {
        decision == nil && by == nil && reasons == nil && alerts == nil && noticedByPeer == nil
            && resumed == nil && server == SideExpectation()
            && client == SideExpectation()
    }

    /// - Parameters:
    ///   - expectation: what the oracle permits.
    ///   - side: the side of the deviating stack.
    ///   - pairing: the stacks of both sides.
    ///   - original: the full handshake whose session the connection may offer; nil when there is none.
    func applied(
        to expectation: ConnectionExpectation,
        side: Side,
        of pairing: Pairing,
        original: ConnectionExpectation?
    ) -> ConnectionExpectation {
        if resumed == true, let original {
            var patched = original.resumed(sni: expectation.client.sni, in: pairing)
            patched.server = patched.server.overridden(by: server)
            patched.client = patched.client.overridden(by: client)
            return patched
        }
        var patched = expectation
        if let resumed { patched.resumed = resumed }
        let decision = decision ?? expectation.outcome.decision
        let by = decision == .accepted ? nil : self.by ?? (self.decision == nil ? expectation.outcome.by : side)
        if decision != expectation.outcome.decision || by != expectation.outcome.by {
            // The handshake takes another way, so what the oracle says of each side no longer follows from anything.
            patched.server = SideExpectation()
            patched.client = SideExpectation()
            patched.outcome = Outcome(decision: decision, by: by, reasons: [])
        }
        if let reasons { patched.outcome.reasons = reasons }
        switch alerts {
        case .among(let alerts): patched.outcome.alerts = alerts
        case .any: patched.outcome.alerts = nil
        case nil: break
        }
        if patched.outcome.by == .client, patched.outcome.isRejection {
            patched.outcome.noticedByPeer = .handshake
        }
        if let noticedByPeer { patched.outcome.noticedByPeer = noticedByPeer }
        patched.server = patched.server.overridden(by: server)
        patched.client = patched.client.overridden(by: client)
        return patched
    }
}

extension SideExpectation {
    /// This expectation with everything that `other` asserts in its place.
    func overridden(by other: SideExpectation) -> SideExpectation {
        var result = self
        result.presented = other.presented ?? presented
        result.received = other.received ?? received
        result.verified = other.verified ?? verified
        result.verifiedChainLength = other.verifiedChainLength ?? verifiedChainLength
        result.sni = other.sni ?? sni
        result.certificateRequested = other.certificateRequested ?? certificateRequested
        result.acceptableCAs = other.acceptableCAs ?? acceptableCAs
        result.alertReceived = other.alertReceived ?? alertReceived
        return result
    }
}
