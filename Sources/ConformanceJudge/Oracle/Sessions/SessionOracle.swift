internal import ConformanceModel

/// Decides the connections of a case one after the other, and keeps the session that its client holds between them.
struct SessionOracle {
    /// The session that a reconnect offers: that of the last full handshake, as long as no connection was refused.
    ///
    /// A refusal ends it, since a client gives up a session that led to a fatal alert (RFC 5246 section 7.2).
    private var held: Session?
    /// Whether the server refused the client on the connection before.
    private var wasRefused = false

    mutating func expectation(for connection: PlannedConnection, ruling: inout Ruling) -> ConnectionExpectation {
        let expectation = judged(connection, ruling: &ruling)
        wasRefused = expectation.outcome.decision == .rejected && expectation.outcome.by == .server
        if expectation.outcome.decision != .accepted {
            held = nil
        } else if expectation.resumed == false {
            held = Session(connection: connection, expectation: expectation)
        }
        return expectation
    }

    private func judged(_ connection: PlannedConnection, ruling: inout Ruling) -> ConnectionExpectation {
        let handshake = HandshakeOracle(facts: connection.facts)
        if connection.offersSession, wasRefused, !ruling.holds(.resumptionRefusedClient, by: .server) {
            var letIn = ConnectionExpectation(outcome: .accepted, server: SideExpectation(), client: SideExpectation())
            letIn.resumed = true
            return letIn
        }
        guard connection.offersSession, let held,
            ConfigurationRules(facts: connection.facts).error(ruling: &ruling) == nil
        else { return handshake.expectation(ruling: &ruling) }
        switch ResumptionRules(session: held, connection: connection).decision(ruling: &ruling) {
        case .resumed:
            return resumed(held, connection, ruling: &ruling)
        case .declined(let sides):
            var expectation = handshake.expectation(ruling: &ruling)
            expectation.declinedBy = sides
            return expectation
        case .either:
            let full = handshake.expectation(ruling: &ruling)
            guard full.outcome.decision == .accepted else { return full }
            // What both ways have in common: the peers, and nothing that only a full handshake shows.
            var expectation = resumed(held, connection, ruling: &ruling)
            expectation.resumed = nil
            return expectation
        }
    }

    private func resumed(
        _ session: Session,
        _ connection: PlannedConnection,
        ruling: inout Ruling
    ) -> ConnectionExpectation {
        let facts = connection.facts
        let name = NameIndication(server: facts.server, client: facts.client).sent(ruling: &ruling)
        var expectation = session.expectation.resumed(sni: name ?? SideExpectation.none, in: facts.pairing)
        if !ruling.holds(.resumptionKeepsPeer, by: .server) { expectation.server.received = SideExpectation.none }
        if !ruling.holds(.resumptionKeepsPeer, by: .client) { expectation.client.received = SideExpectation.none }
        if !ruling.holds(.sniResumed, by: .server, name != nil), name != nil {
            expectation.server.sni = SideExpectation.none
        }
        return expectation
    }
}

/// A session that a client may resume: the full handshake that granted it, with its expected outcome.
struct Session {
    var connection: PlannedConnection
    var expectation: ConnectionExpectation
}

extension ConnectionExpectation {
    /// The permitted outcome of a connection that resumes the session of this one: it shows the same peers, and none of
    /// the messages of a full handshake.
    func resumed(sni: String?, in pairing: Pairing) -> ConnectionExpectation {
        ConnectionExpectation(
            outcome: .accepted,
            server: server.resumed(sni: sni, by: pairing.server),
            client: client.resumed(sni: sni, by: pairing.client),
            resumed: true
        )
    }
}

extension SideExpectation {
    fileprivate func resumed(sni: String?, by stack: Stack) -> SideExpectation {
        var side = SideExpectation()
        side.received = received
        // Nobody may become verified by a resumption, whether the stack remembers the full handshake or not.
        side.verified = verified == true && !StackTraits.of(stack).remembersVerification ? nil : verified
        side.sni = sni
        return side
    }
}
