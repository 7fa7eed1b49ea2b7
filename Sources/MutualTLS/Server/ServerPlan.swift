internal import OpenSSL

/// A server's settings, found consistent: what every connection of it shares.
final class ServerPlan: Sendable {
    let context: SSLContext
    let selector: IdentitySelector
    let verifier: PeerVerifier
    let revocation: RevocationPolicy
    /// Nil when no session is ever resumed.
    let sessions: ServerSessions?
    let currentTime: @Sendable () -> Timestamp
    let keyLog: (@Sendable (String) -> Void)?
    let mutant: LibraryMutant?
    let previousPeer = PreviousPeer()
    private let policySource: PolicySource

    enum PolicySource: Sendable {
        case fixed(ClientPolicy)
        case live(CertAuthManager, AcceptableCANames)
    }

    init(
        context: SSLContext,
        selector: IdentitySelector,
        verifier: PeerVerifier,
        revocation: RevocationPolicy,
        sessions: ServerSessions?,
        currentTime: @escaping @Sendable () -> Timestamp,
        policySource: PolicySource,
        keyLog: (@Sendable (String) -> Void)?,
        mutant: LibraryMutant?
    ) {
        self.context = context
        self.selector = selector
        self.verifier = verifier
        self.revocation = revocation
        self.sessions = sessions
        self.currentTime = currentTime
        self.policySource = policySource
        self.keyLog = keyLog
        self.mutant = mutant
    }

    /// What a handshake takes whose ClientHello is being processed, or nil to refuse the name.
    func snapshot(for serverName: String?) throws(MutualTLSError) -> ServerSnapshot? {
        switch policySource {
        case .fixed(let policy):
            return selector.identity(for: serverName).map {
                ServerSnapshot(identity: $0, policy: policy, revocation: revocation.snapshot)
            }
        case .live(let manager, let names):
            let state = manager.snapshot
            // The manager's identity and its pools are of one moment, whatever is updated meanwhile.
            let identity = selector.identity(for: serverName) { provider in
                (provider as? CertAuthManager) === manager ? state.identity : provider.identity
            }
            guard let identity else { return nil }
            let policy = try ClientPolicy(
                mode: state.clientAuth.altered(by: mutant),
                clientCAs: state.clientCAs,
                acceptableCANames: names
            )
            return ServerSnapshot(identity: identity, policy: policy, revocation: revocation.snapshot)
        }
    }
}
