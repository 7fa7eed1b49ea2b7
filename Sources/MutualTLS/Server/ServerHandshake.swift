internal import OpenSSL

/// A server's part in one handshake.
final class ServerHandshake: Handshake {
    struct Inheritance {
        let grant: SessionGrant
        /// The verified chain; nil if it isn't known any more.
        let chain: [Certificate]?
    }

    let record = HandshakeRecord()
    let plan: ServerPlan
    /// Taken when the ClientHello is processed, and kept to the end.
    private(set) var snapshot: ServerSnapshot?
    /// The scope that sessions of this handshake belong to, if the server keeps any.
    private(set) var scope: SessionScope?
    /// The part of a resumed session about its full handshake: its certificates are decoded once.
    var inherited: Inheritance?
    let decisions: Decisions

    init(_ plan: ServerPlan) {
        self.plan = plan
        decisions = plan.settings.decisions.forConnection(presenting: plan.selector.defaultIdentity)
    }

    var keyLog: (@Sendable (String) -> Void)? { plan.settings.keyLog }

    func prepare(_ connection: SSLConnection) throws(MutualTLSError) {}

    /// Takes the snapshot of identity and policy.
    ///
    /// This callback and not the one for server names: it runs before a session could be resumed. It runs again for
    /// the second ClientHello after a HelloRetryRequest, which changes nothing any more.
    func connection(_ connection: SSLConnection, process clientHello: ClientHello) -> UInt8? {
        guard snapshot == nil else { return nil }
        record.serverName = clientHello.serverName
        if clientHello.hasNoAuthorities {
            record.localFault = .protocolViolation(
                "The client's certificate_authorities extension is empty. Expected at least one name, or no extension "
                    + "(RFC 8446 section 4.2.4)."
            )
            return Alert.decodeError.rawValue
        }
        do {
            guard let snapshot = try plan.snapshot(for: clientHello.serverName) else {
                record.localFault = .unrecognizedName(clientHello.serverName ?? "")
                return Alert.unrecognizedName.rawValue
            }
            try set(snapshot, on: connection)
            self.snapshot = snapshot
            record.localIdentity = snapshot.identity
        } catch {
            record.localFault = .configuration(error.message)
            return Alert.internalError.rawValue
        }
        record.events.append(.clientHelloProcessed)
        return nil
    }

    /// The policy that decides whether a session is resumed: libssl looks for one right after the ClientHello callback.
    private func set(_ snapshot: ServerSnapshot, on connection: SSLConnection) throws(MutualTLSError) {
        if plan.sessions != nil {
            let scope = snapshot.scope
            do {
                try connection.setSessionContext(scope.bytes)
            } catch {
                throw MutualTLSError(.openSSL, "OpenSSL refuses the scope of the sessions: \(error)", cause: error)
            }
            self.scope = scope
        }
        let mode = snapshot.policy.mode
        connection.demand(!mode.requestsCertificate ? .none : mode.requiresCertificate ? .required : .optional)
    }

    /// RFC 7301 section 3.2: the server's preference decides, and where nothing is common the handshake ends.
    func connection(_ connection: SSLConnection, chooseProtocolFrom offered: [[UInt8]]) -> ProtocolChoice {
        let spoken = snapshot?.protocols ?? plan.protocols
        guard !spoken.isEmpty else { return .none }
        for name in spoken {
            if let place = offered.firstIndex(of: name) { return .chosen(place) }
        }
        record.localFault = .noCommonProtocol(spoken.map { String(decoding: $0, as: UTF8.self) })
        return .refused
    }

    /// Sets what only a full handshake needs, from the snapshot that was taken before.
    func connectionWantsCertificate(_ connection: SSLConnection) -> Bool {
        guard let snapshot, let identity = record.localIdentity else { return false }
        do {
            let presented = try decisions.presented(identity)
            record.localIdentity = presented
            try connection.use(presented.credential, announcing: snapshot.policy.announced?.stack)
            return true
        } catch {
            record.localFault = .configuration("OpenSSL refuses the identity \(identity): \(error)")
            return false
        }
    }

    func connection(_ connection: SSLConnection, verify context: borrowing VerificationContext) -> Bool {
        record.presented = context.presentedCertificates.map { Certificate($0) }
        guard let snapshot else { return false }
        let policy = snapshot.policy
        guard policy.mode.verifiesCertificate else {
            // Otherwise an error of an earlier look at the chain would stay behind as the connection's result.
            context.setResult(.ok)
            return true
        }
        // A verifying policy without a pool can't be made; if it came to be, it trusts nobody.
        guard let pool = policy.clientCAs else { return false }
        switch plan.verifier.verify(context, of: record.presented, against: pool, snapshot.revocation) {
        case .verified(let chain):
            record.verification = .verified(chain: chain)
            return true
        case .refused(let refusal):
            record.verification = .refused(refusal)
            return false
        }
    }

    func brokenPromise(of connection: SSLConnection) -> String? {
        guard let snapshot else { return "no policy was chosen for it" }
        let policy = snapshot.policy
        let hasPeer = connection.peerCertificate != nil
        if connection.didResume {
            guard decisions.checksResumedHandshakes else { return nil }
            if let promise = brokenPromise(ofResumed: connection, under: snapshot) { return promise }
        }
        if !policy.mode.requestsCertificate, hasPeer {
            return "\(policy.mode.rawValue) asks for no client certificate and there is one"
        }
        if policy.mode.requiresCertificate, !hasPeer {
            return "\(policy.mode.rawValue) requires a client certificate and there is none"
        }
        if policy.mode.verifiesCertificate, hasPeer, !connection.didResume, !verifiedLeafIsPeer(of: connection) {
            return "\(policy.mode.rawValue) verifies client certificates and this one was not verified"
        }
        return nil
    }
}
