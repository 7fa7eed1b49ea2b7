internal import OpenSSL

/// A client's part in one handshake.
final class ClientHandshake: Handshake {
    let record = HandshakeRecord()
    let plan: ClientPlan
    /// Taken when the connection starts, and kept to the end.
    private(set) var snapshot: ClientSnapshot?
    /// Whether a session of an earlier connection may be offered.
    let offersSession: Bool
    /// The scope that sessions of this handshake belong to, if the client keeps any.
    var scope: SessionScope?
    /// The session that was offered.
    var offered: ClientSession?
    /// Whether the handshake is finished, and kept what the settings promise.
    var isFinished = false

    let decisions: Decisions

    init(_ plan: ClientPlan, offersSession: Bool) {
        self.plan = plan
        self.offersSession = offersSession
        decisions = plan.settings.decisions.forConnection(presenting: plan.settings.identity)
    }

    var keyLog: (@Sendable (String) -> Void)? { plan.settings.keyLog }
    /// The name that the server is verified by, for messages.
    var serverName: ServerName? { snapshot?.expectation.serverName }

    /// Takes the snapshot of identity, roots and name.
    func prepare(_ connection: SSLConnection) throws(MutualTLSError) {
        let snapshot = try plan.currentSnapshot()
        let expectation = snapshot.expectation
        self.snapshot = snapshot
        record.localIdentity = snapshot.identity
        do {
            // A demand always: the peer is judged by the callback, and without one it wouldn't be called.
            connection.demand(.required)
            if plan.verifier != nil, let name = expectation.serverName {
                try expect(name, on: connection)
            }
            if let name = snapshot.sentServerName {
                try connection.send(serverName: name)
                record.serverName = name
            }
            if !plan.protocols.isEmpty { try connection.offer(protocols: plan.protocols) }
            try prepareSession(connection, under: snapshot)
        } catch {
            throw MutualTLSError(.openSSL, "OpenSSL refuses the settings of the connection: \(error)", cause: error)
        }
    }

    private func expect(_ name: ServerName, on connection: SSLConnection) throws(OpenSSLError) {
        switch name.kind {
        case .dns(let host):
            try connection.expect(dnsName: host)
        case .address(_, let bytes):
            try connection.expect(address: bytes)
        }
    }

    func connection(_ connection: SSLConnection, process clientHello: ClientHello) -> UInt8? {
        Alert.internalError.rawValue
    }

    func connection(_ connection: SSLConnection, verify context: borrowing VerificationContext) -> Bool {
        record.presented = context.presentedCertificates.map { Certificate($0) }
        if let fault = record.requestFault {
            connection.chooseAlert(fault.alert.rawValue)
            record.localFault = .protocolViolation(fault.message)
            return false
        }
        guard let verifier = plan.verifier else {
            context.setResult(.ok)
            return true
        }
        // A verifying expectation without a pool can't be made; if it came to be, it trusts nobody.
        guard let snapshot, let pool = snapshot.expectation.rootCAs else { return false }
        let verdict = verifier.verify(
            context,
            of: record.presented,
            against: pool,
            snapshot.revocation,
            expecting: serverName
        )
        switch verdict {
        case .verified(let chain):
            record.verification = .verified(chain: chain)
            return true
        case .refused(let refusal):
            record.verification = .refused(refusal)
            return false
        }
    }

    /// Presents the identity of the snapshot, or nothing, which is an empty Certificate message.
    func connectionWantsCertificate(_ connection: SSLConnection) -> Bool {
        record.certificateRequested = true
        record.acceptableCANames = connection.peerAuthorityNames.map(DistinguishedName.init)
        // RFC 5246 section 7.4.6: a certificate of another type is as good as none.
        guard let identity = record.localIdentity, presents(identity),
            connection.isAsked(forTypeOf: identity.certificate.x509)
        else {
            return true
        }
        do {
            let presented = try decisions.presented(identity)
            record.localIdentity = presented
            try connection.use(presented.credential)
            return true
        } catch {
            record.localFault = .configuration("OpenSSL refuses the identity \(identity): \(error)")
            return false
        }
    }

    private func presents(_ identity: Identity) -> Bool {
        switch plan.settings.presents {
        case .always:
            return true
        case .matchingAcceptableCAs:
            guard !record.acceptableCANames.isEmpty else { return true }
            let acceptable = Set(record.acceptableCANames)
            return identity.chain.contains { acceptable.contains($0.issuer) }
        }
    }

    func brokenPromise(of connection: SSLConnection) -> String? {
        if connection.didResume { return brokenPromise(ofResumed: connection) }
        guard connection.peerCertificate != nil else { return "the server presented no certificate" }
        guard plan.verifier == nil || verifiedLeafIsPeer(of: connection) else {
            return "the server's certificate was not verified"
        }
        return nil
    }
}
