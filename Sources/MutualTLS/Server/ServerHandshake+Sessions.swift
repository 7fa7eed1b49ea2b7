internal import OpenSSL

/// Tickets: given with what the full handshake established, and taken back while that holds.
extension ServerHandshake {
    func ticketKey(for connection: SSLConnection) -> SessionTicketKey? {
        plan.sessions?.keyring.current(at: plan.settings.currentTime())
    }

    func connection(_ connection: SSLConnection, ticketKeyNamed name: [UInt8]) -> SessionTicketKey? {
        plan.sessions?.keyring.key(named: name, at: plan.settings.currentTime())
    }

    func connection(_ connection: SSLConnection, grantForTicketOf session: TicketSession) -> TicketGrant? {
        guard let sessions = plan.sessions, let snapshot else { return nil }
        let now = plan.settings.currentTime()
        let grant: SessionGrant
        switch session {
        case .new:
            grant = newGrant(under: snapshot, at: now)
        case .resumed(let data):
            // As it was, so that a chain of resumptions doesn't prolong the session.
            guard let earlier = SessionGrant(bytes: data) else { return nil }
            grant = earlier
        }
        return TicketGrant(
            data: grant.bytes,
            lifetimeHint: grant.remaining(at: now, lifetime: sessions.lifetime),
            keepsSession: sessions.cache != nil
        )
    }

    func connection(_ connection: SSLConnection, keeps session: SSLSession, named name: [UInt8]) -> Bool {
        guard let cache = plan.sessions?.cache else { return false }
        return cache.keep(
            session,
            named: name,
            ofSize: connection.sessionCertificatesLength,
            at: plan.settings.currentTime()
        )
    }

    func connection(_ connection: SSLConnection, sessionNamed name: [UInt8]) -> SSLSession? {
        plan.sessions?.cache?.session(named: name)
    }

    func connection(_ connection: SSLConnection, acceptsTicketWith data: [UInt8]) -> Bool {
        guard let sessions = plan.sessions, let grant = SessionGrant(bytes: data) else { return false }
        return grant.isGood(at: plan.settings.currentTime(), lifetime: sessions.lifetime)
    }

    private func newGrant(under snapshot: ServerSnapshot, at now: Timestamp) -> SessionGrant {
        guard case .verified(let chain) = record.verification else {
            return SessionGrant(
                issuedAt: now,
                validUntil: Timestamp(secondsSinceEpoch: .max),
                isVerified: false
            )
        }
        let links = snapshot.policy.clientCAs.flatMap { SessionGrant.links(of: chain, in: $0) }
        return SessionGrant(
            issuedAt: now,
            // A session whose chain finds no room in its ticket is never resumed.
            validUntil: links == nil
                ? now : decisions.sessionEnd(Validity.end(of: chain, snapshot.revocation, at: now)),
            isVerified: true,
            links: links ?? []
        )
    }

    /// The fault of a handshake that resumed a session, or nil.
    ///
    /// libssl has compared the scopes before, and the ticket's callbacks its times. A policy's demands are looked at
    /// here once more, whatever led to the resumption.
    func brokenPromise(ofResumed connection: SSLConnection, under snapshot: ServerSnapshot) -> String? {
        guard plan.sessions != nil else { return "it resumed an earlier session, and resumption is off" }
        guard connection.sessionContext == scope?.bytes else { return "it resumed a session of another scope" }
        guard let grant = SessionGrant(bytes: connection.resumedTicketData) else {
            return "it resumed a session of which nothing is known"
        }
        inherited = Inheritance(grant: grant, chain: chain(of: grant, connection))
        let mode = snapshot.policy.mode
        if mode.verifiesCertificate, connection.peerCertificate != nil, !grant.isVerified {
            return "\(mode.rawValue) verifies client certificates, and the resumed session's was not verified"
        }
        if grant.isVerified, inherited?.chain == nil {
            return "it resumed a session whose verified chain isn't known any more"
        }
        return nil
    }

    /// Takes over what the full handshake had shown, once the resumed one has kept its promises.
    func finish(_ connection: SSLConnection) {
        guard connection.didResume else { return }
        record.hasInheritedLocalCertificate = true
        guard let leaf = connection.peerCertificate else { return }
        record.presented = [Certificate(leaf)]
        // Read already, unless a wrong decision of the tests has left the look at the promises out.
        if inherited == nil, let grant = SessionGrant(bytes: connection.resumedTicketData) {
            inherited = Inheritance(grant: grant, chain: chain(of: grant, connection))
        }
        guard let inherited, inherited.grant.isVerified else { return }
        let chain = inherited.chain ?? []
        record.verification = .inherited(chain: chain, length: chain.count)
    }

    /// The chain that the full handshake verified: its anchor is one of the very pool, as the scope says.
    private func chain(of grant: SessionGrant, _ connection: SSLConnection) -> [Certificate]? {
        guard let leaf = connection.peerCertificate, let sessions = plan.sessions else { return nil }
        return grant.chain(of: Certificate(leaf), in: snapshot?.policy.clientCAs, sessions.issuers)
    }

    func giveUp() {}
}
