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
        sniOverride: SNIOverride,
        keyLog: (@Sendable (String) -> Void)?,
        mutant: LibraryMutant?
    ) {
        self.context = context
        self.identity = identity
        self.presents = presents
        self.expectation = expectation
        self.verifier = verifier
        self.sniOverride = sniOverride
        self.keyLog = keyLog
        self.mutant = mutant
    }

    /// The expectation for a connection that starts now.
    func currentExpectation() throws(MutualTLSError) -> ServerExpectation {
        switch expectation {
        case .fixed(let expectation):
            return expectation
        case .live(let manager):
            let state = manager.snapshot
            return try ServerExpectation(
                rootCAs: state.rootCAs,
                serverName: state.serverName,
                verifies: verifier != nil
            )
        }
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
