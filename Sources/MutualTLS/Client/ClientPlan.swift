internal import OpenSSL

/// A client's settings, found consistent: what every connection of it shares.
final class ClientPlan: Sendable {
    let context: SSLContext
    let identity: (any IdentityProvider)?
    let presents: ClientPresentation
    /// What is trusted and expected, or where it is read when a connection starts.
    let expectation: Expectation
    /// Nil when the server goes unverified.
    let verifier: PeerVerifier?
    let revocation: RevocationPolicy
    /// Nil when no session is ever offered.
    let sessions: SessionCache?
    let options: SessionOptions
    let currentTime: @Sendable () -> Timestamp
    let sniOverride: SNIOverride
    let keyLog: (@Sendable (String) -> Void)?
    let mutant: LibraryMutant?

    enum Expectation: Sendable {
        case fixed(ServerExpectation)
        case live(CertAuthManager)
    }

    init(
        context: SSLContext,
        identity: (any IdentityProvider)?,
        presents: ClientPresentation,
        expectation: Expectation,
        verifier: PeerVerifier?,
        revocation: RevocationPolicy,
        sessions: SessionCache?,
        options: SessionOptions,
        currentTime: @escaping @Sendable () -> Timestamp,
        sniOverride: SNIOverride,
        keyLog: (@Sendable (String) -> Void)?,
        mutant: LibraryMutant?
    ) {
        self.context = context
        self.identity = identity
        self.presents = presents
        self.expectation = expectation
        self.verifier = verifier
        self.revocation = revocation
        self.sessions = sessions
        self.options = options
        self.currentTime = currentTime
        self.sniOverride = sniOverride
        self.keyLog = keyLog
        self.mutant = mutant
    }

    /// What a connection takes that starts now.
    func currentSnapshot() throws(MutualTLSError) -> ClientSnapshot {
        switch expectation {
        case .fixed(let expectation):
            return ClientSnapshot(
                expectation: expectation,
                identity: identity?.identity,
                revocation: revocation.snapshot
            )
        case .live(let manager):
            let state = manager.snapshot
            let expectation = try ServerExpectation(
                rootCAs: state.rootCAs,
                serverName: state.serverName,
                verifies: verifier != nil
            )
            // The manager's identity and its roots are of one moment, whatever is updated meanwhile.
            let isManaged = (identity as? CertAuthManager) === manager
            return ClientSnapshot(
                expectation: expectation,
                identity: isManaged ? state.identity : identity?.identity,
                revocation: revocation.snapshot
            )
        }
    }

    /// Under what sessions are shared by connections that take this snapshot and send this name as SNI.
    func scope(of snapshot: ClientSnapshot, sentName: String?) -> SessionScope {
        SessionScope(
            of: snapshot,
            sentName: sentName,
            presents: presents,
            verifies: verifier != nil,
            options: options,
            mutant: mutant
        )
    }
}

/// What a client trusts and whom it expects, at one moment.
struct ServerExpectation: Sendable {
    let rootCAs: CertificatePool?
    let serverName: ServerName?

    /// Refuses what would either trust by accident or fail every handshake.
    init(rootCAs: CertificatePool?, serverName: ServerName?, verifies: Bool) throws(MutualTLSError) {
        if verifies, serverName == nil {
            throw MutualTLSError(
                .missingServerName,
                "The client verifies its server and has no name to verify it by. Set serverName."
            )
        }
        if verifies, rootCAs == nil {
            throw MutualTLSError(
                .missingRootCAs,
                "The client verifies its server and has no RootCAs to verify it against. Set rootCAs."
            )
        }
        self.rootCAs = rootCAs
        self.serverName = serverName
    }
}
