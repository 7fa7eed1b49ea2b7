internal import OpenSSL

/// A server's part in one handshake.
final class ServerHandshake: Handshake {
    let record = HandshakeRecord()
    private let plan: ServerPlan
    /// Taken when the ClientHello is processed, and kept to the end.
    private var policy: ClientPolicy?

    init(_ plan: ServerPlan) {
        self.plan = plan
    }

    var keyLog: (@Sendable (String) -> Void)? { plan.keyLog }
    var mutant: LibraryMutant? { plan.mutant }
    var identitySource: (any IdentityProvider)? { plan.selector.provider(for: record.serverName) }

    func prepare(_ connection: SSLConnection) throws(MutualTLSError) {}

    /// Takes the snapshot of identity and policy.
    ///
    /// This callback and not the one for server names: it runs before a session could be resumed. It runs again for
    /// the second ClientHello after a HelloRetryRequest, which changes nothing any more.
    func connection(_ connection: SSLConnection, process clientHello: ClientHello) -> UInt8? {
        guard policy == nil else { return nil }
        record.serverName = clientHello.serverName
        guard let identity = plan.selector.identity(for: clientHello.serverName) else {
            record.localFault = .unrecognizedName(clientHello.serverName ?? "")
            return Alert.unrecognizedName.rawValue
        }
        do {
            let policy = try plan.clientPolicy()
            try set(policy, identity, on: connection)
            self.policy = policy
            record.localIdentity = identity
        } catch {
            record.localFault = .configuration(error.message)
            return Alert.internalError.rawValue
        }
        record.events.append(.clientHelloProcessed)
        return nil
    }

    private func set(
        _ policy: ClientPolicy,
        _ identity: Identity,
        on connection: SSLConnection
    ) throws(MutualTLSError) {
        do {
            try connection.use(identity.sent(by: plan.mutant).credential)
            if let pool = policy.clientCAs {
                try connection.trust(pool.trustStore)
            }
            if let announced = policy.announced, plan.mutant != .omitCANames {
                try connection.announce(announced.names)
            }
        } catch {
            throw MutualTLSError(.unusableIdentity, "OpenSSL refuses the identity \(identity): \(error)", cause: error)
        }
        connection.demand(
            !policy.mode.requestsCertificate ? .none : policy.mode.requiresCertificate ? .required : .optional
        )
    }

    func connection(_ connection: SSLConnection, verify context: borrowing VerificationContext) -> Bool {
        let presented = context.presentedCertificates.map { Certificate($0) }
        record.presented = plan.previousPeer.altered(presented, by: plan.mutant)
        guard let policy else { return false }
        guard policy.mode.verifiesCertificate else {
            // Otherwise an error of an earlier look at the chain would stay behind as the connection's result.
            context.setResult(.ok)
            return true
        }
        // A verifying policy without a pool can't be made; if it came to be, it trusts nobody.
        guard let pool = policy.clientCAs else { return false }
        switch plan.verifier.verify(context, against: pool) {
        case .verified(let chain):
            record.verification = .verified(chain: chain)
            return true
        case .refused(let refusal):
            record.verification = .refused(refusal)
            return false
        }
    }

    func connectionWantsCertificate(_ connection: SSLConnection) -> Bool { true }

    func brokenPromise(of connection: SSLConnection) -> String? {
        guard let policy else { return "no policy was chosen for it" }
        if connection.didResume { return "it resumed an earlier session, and resumption is off" }
        let hasPeer = connection.peerCertificate != nil
        if policy.mode.requiresCertificate, !hasPeer {
            return "\(policy.mode.rawValue) requires a client certificate and there is none"
        }
        if policy.mode.verifiesCertificate, hasPeer, !verifiedLeafIsPeer(of: connection) {
            return "\(policy.mode.rawValue) verifies client certificates and this one was not verified"
        }
        return nil
    }
}
