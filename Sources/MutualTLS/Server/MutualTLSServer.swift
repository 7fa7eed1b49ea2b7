internal import OpenSSL

/// A server whose settings were found consistent. It makes connections, and owns no socket.
///
/// It may be shared between threads; each connection belongs to one at a time. Identities rotate through their
/// managers.
public final class MutualTLSServer: Sendable {
    let plan: ServerPlan
    private let fixedManager: CertAuthManager?

    init(_ plan: ServerPlan, fixedManager: CertAuthManager?) {
        self.plan = plan
        self.fixedManager = fixedManager
        fixedManager?.addFixedUser()
    }

    deinit {
        fixedManager?.removeFixedUser()
    }

    /// The clock of the settings.
    package var currentTime: @Sendable () -> Timestamp { plan.currentTime }

    /// Makes the server's side of a connection, which waits for a ClientHello.
    public func makeConnection() throws(MutualTLSError) -> sending Connection {
        try Connection(context: plan.context, handshake: ServerHandshake(plan), role: .server)
    }
}

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

/// Everything of a server's settings that may rotate, at the moment when a ClientHello is processed.
///
/// A class, since a handshake looks at it a dozen times, and each copy of a struct would count all that is in it.
final class ServerSnapshot: Sendable {
    let identity: Identity
    let policy: ClientPolicy
    let revocation: RevocationSnapshot

    init(identity: Identity, policy: ClientPolicy, revocation: RevocationSnapshot) {
        self.identity = identity
        self.policy = policy
        self.revocation = revocation
    }
}
