internal import OpenSSL

/// Sessions: offered under the scope that they were made under, and kept for the next connection.
extension ClientHandshake {
    /// Names the scope of this connection's session, and offers one of the cache.
    func prepareSession(_ connection: SSLConnection, under snapshot: ClientSnapshot) throws(OpenSSLError) {
        guard let cache = plan.sessions else { return }
        let scope = snapshot.scope
        try connection.setSessionContext(scope.bytes)
        self.scope = scope
        cache.enter(scope)
        guard offersSession, let session = cache.session(for: scope, at: plan.settings.currentTime()) else { return }
        let age = plan.settings.currentTime().seconds(since: session.receivedAt) ?? 0
        try connection.offer(session.session, age: age)
        offered = session
    }

    /// TLS 1.3 hands sessions over at any time after the handshake (RFC 8446 section 4.6.1).
    func connection(_ connection: SSLConnection, received session: SSLSession) {
        guard isFinished else { return }
        keep(session, of: connection)
    }

    /// The fault of a handshake that resumed a session, or nil.
    func brokenPromise(ofResumed connection: SSLConnection) -> String? {
        guard plan.sessions != nil, let offered else {
            return "it resumed an earlier session, and none was offered"
        }
        guard offered.scope == scope, connection.sessionContext == scope?.bytes else {
            return "it resumed a session of another scope"
        }
        guard let leaf = offered.peerCertificates.first, leaf.derBytes == connection.peerCertificate?.der else {
            return "it resumed a session of another server certificate"
        }
        guard plan.verifier == nil || offered.verifiedChain.first == leaf else {
            return "it resumed a session whose server certificate was not verified"
        }
        return nil
    }

    /// Takes over what the full handshake had shown, or forgets a session that the server didn't resume.
    func finish(_ connection: SSLConnection) {
        isFinished = true
        if let offered {
            if connection.didResume {
                inherit(from: offered)
            } else {
                plan.sessions?.remove(offered)
            }
        }
        // A session of TLS 1.2 stands with the handshake; a resumed one changes only with another ticket.
        guard plan.sessions != nil, connection.versionNumber == SSLProtocolVersion.tls12.rawValue,
            !connection.didResume || record.hasReceivedSessionTicket,
            let session = connection.resumableSession
        else {
            return
        }
        keep(session, of: connection)
    }

    /// Forgets what was offered on a handshake that failed.
    func giveUp() {
        guard !isFinished, let offered else { return }
        plan.sessions?.remove(offered)
    }

    private func inherit(from session: ClientSession) {
        record.hasInheritedLocalCertificate = session.hasSentCertificate
        record.presented = session.peerCertificates
        if !session.verifiedChain.isEmpty {
            record.verification = .inherited(chain: session.verifiedChain, length: session.verifiedChain.count)
        }
    }

    private func keep(_ session: SSLSession, of connection: SSLConnection) {
        guard let cache = plan.sessions, let scope, let snapshot else { return }
        let now = plan.settings.currentTime()
        // A session that came by resuming another one lives no longer than that one.
        let earlier = connection.didResume ? offered : nil
        let chain = earlier?.verifiedChain ?? verifiedChain
        cache.store(
            ClientSession(
                scope: scope,
                session: session,
                grant: earlier?.grant
                    ?? SessionGrant(
                        issuedAt: now,
                        validUntil: decisions.sessionEnd(Validity.end(of: chain, snapshot.revocation, at: now)),
                        isVerified: !chain.isEmpty
                    ),
                receivedAt: now,
                peerCertificates: earlier?.peerCertificates ?? record.presented,
                verifiedChain: chain,
                hasSentCertificate: earlier?.hasSentCertificate ?? record.hasSentCertificate
            )
        )
    }

    private var verifiedChain: [Certificate] {
        guard case .verified(let chain) = record.verification else { return [] }
        return chain
    }
}
