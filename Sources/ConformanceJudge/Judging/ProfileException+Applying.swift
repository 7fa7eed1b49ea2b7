package import ConformanceModel

extension ProfileException {
    /// Whether the entry speaks of this case, whose outcome the oracle has told.
    package func applies(to conformanceCase: ConformanceCase, expecting expectation: CaseExpectation) -> Bool {
        applies(to: conformanceCase) && !connections(in: expectation, of: conformanceCase.pairing).isEmpty
            && widens(expectation, of: conformanceCase.pairing)
    }

    /// The outcome that the oracle would permit for a case of a pairing if the stack's difference were right: every
    /// connection that the entry speaks of is changed, and what follows from it for later ones.
    package func applied(to expectation: CaseExpectation, of pairing: Pairing) -> CaseExpectation {
        var expectation = expectation
        for index in connections(in: expectation, of: pairing) {
            let original = expectation.session(before: index)
            expectation.connections[index] = instead.applied(
                to: expectation.connections[index],
                side: side,
                of: pairing,
                original: original
            )
            if instead.resumed == true, let original {
                expectation.keepSession(of: original, after: index, in: pairing)
            }
        }
        return expectation
    }

    /// The connections that the entry names; otherwise each whose outcome it expects, or the last one where it expects
    /// none. Those that it can't explain are left out.
    func connections(in expectation: CaseExpectation, of pairing: Pairing) -> [Int] {
        let all = expectation.connections.indices
        let candidates =
            switch instead.connections {
            case .number(let number): all.filter { $0 == number - 1 }
            case nil where expected == nil: Array(all.suffix(1))
            case .all, nil: Array(all)
            }
        return candidates.filter { index in
            let connection = expectation.connections[index]
            return expected?.matches(connection) ?? true && !wouldExcuseOther(connection, of: pairing)
                && (instead.resumed != true || expectation.session(before: index) != nil)
        }
    }

    /// Whether the entry would excuse what another stack does wrong.
    ///
    /// Each side that must decline a session keeps it from being resumed, so that a resumption needs all of them to
    /// deviate. And the other side's refusal stands, unless the deviating one presents something else.
    private func wouldExcuseOther(_ expectation: ConnectionExpectation, of pairing: Pairing) -> Bool {
        if instead.resumed == true, expectation.resumed == false {
            // Where nothing was offered there is nothing that a stack could resume.
            return expectation.declinedBy?.contains { pairing[$0] != stack } ?? true
        }
        guard instead.decision == .accepted, let refusing = expectation.outcome.by, refusing != side else {
            return false
        }
        return pairing[refusing] != stack && instead[side].presented == nil
    }
}

extension DeviantBehaviour {
    fileprivate subscript(side: Side) -> SideExpectation {
        side == .server ? server : client
    }
}

extension CaseExpectation {
    /// The last full handshake before a connection that gave the client a session.
    fileprivate func session(before index: Int) -> ConnectionExpectation? {
        connections[..<index].last { $0.outcome.decision == .accepted && $0.resumed == false }
    }

    /// A connection that was resumed against the rules gives no new session: those after it resume the old one, until
    /// the next full handshake.
    fileprivate mutating func keepSession(
        of original: ConnectionExpectation,
        after index: Int,
        in pairing: Pairing
    ) {
        for later in connections.indices[(index + 1)...] {
            guard connections[later].resumed == true else { return }
            connections[later] = original.resumed(sni: connections[later].client.sni, in: pairing)
        }
    }
}

extension DeviantBehaviour {
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

extension ProfileException {
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
