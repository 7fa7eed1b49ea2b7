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
    package var currentTime: @Sendable () -> Timestamp { plan.settings.currentTime }

    /// Makes the server's side of a connection, which waits for a ClientHello.
    public func makeConnection() throws(MutualTLSError) -> sending Connection {
        try Connection(context: plan.context, handshake: ServerHandshake(plan), role: .server)
    }
}

extension MutualTLSServer {
    /// Whether a request for a host may be answered on a connection: whether the host gets its policy and its identity from
    /// the same entry of the settings as the server_name of the connection does, or both get the default ones.
    ///
    /// The client chooses both names. Without this question it could have its certificate judged by the policy of one host
    /// and then ask for another one. What speaks HTTP on a connection of this server asks it for each request, and answers
    /// 421 (Misdirected Request, RFC 9110 sections 7.4 and 15.5.20) if not; `HTTPServer` does.
    ///
    /// - Parameters:
    ///   - host: The host of a request (Host, or `:authority`), without its port. Letter case and a trailing dot don't
    ///     count, nor do brackets; an address is never sent as server_name, and belongs to the default policy.
    ///   - serverName: ``ConnectionInformation/sni`` of the connection; nil belongs to the default policy.
    public func mayAnswer(_ host: String, onConnectionTo serverName: String?) -> Bool {
        let name = (try? ServerName(host))?.isAddress == true ? nil : host
        let wanted = plan.hosts.entry(for: name)
        let chosen = plan.hosts.entry(for: serverName)
        guard wanted == nil, chosen == nil else { return wanted == chosen }
        let identity = plan.selector.entry(for: name)
        guard identity == plan.selector.entry(for: serverName) else { return false }
        // A strict server knows no host but those that it has names for.
        return identity != nil || plan.selector.isKnown(name, to: plan.selector.defaultIdentity.identity)
    }
}

/// A server's settings, found consistent, and what every connection of it shares.
final class ServerPlan: Sendable {
    let settings: MutualTLSConfiguration.Server
    let context: SSLContext
    let selector: IdentitySelector
    let hosts: ServerHosts
    /// The protocols of ALPN, unless the host says otherwise.
    let protocols: [[UInt8]]
    let verifier: PeerVerifier
    /// Nil when no session is ever resumed.
    let sessions: ServerSessions?
    /// The demand on clients, unless each handshake takes it from ``liveManager``.
    private let policy: ClientPolicy
    private let liveManager: CertAuthManager?

    /// - Parameter policy: what is asked of clients now.
    init(
        _ settings: MutualTLSConfiguration.Server,
        context: SSLContext,
        selector: IdentitySelector,
        hosts: ServerHosts,
        policy: ClientPolicy
    ) throws(MutualTLSError) {
        self.settings = settings
        self.context = context
        self.selector = selector
        self.hosts = hosts
        protocols = try encodedProtocols(settings.applicationProtocols)
        verifier = PeerVerifier(
            purpose: .clientAuthentication,
            currentTime: settings.currentTime,
            decisions: settings.decisions
        )
        sessions = try ServerSessions(settings.sessions)
        self.policy = policy
        liveManager = settings.liveManager
    }

    /// The snapshot that a handshake takes when its ClientHello is processed, or nil to refuse the name.
    func snapshot(for serverName: String?) throws(MutualTLSError) -> ServerSnapshot? {
        if let state = try hosts.state(for: serverName) {
            return ServerSnapshot(self, state, serverName: serverName)
        }
        guard let snapshot = try defaultSnapshot(for: serverName) else { return nil }
        // Policies rotate one by one, so that a default that was strict enough may have become weaker.
        try hosts.check(snapshot.policy, snapshot.revocation)
        return snapshot
    }

    private func defaultSnapshot(for serverName: String?) throws(MutualTLSError) -> ServerSnapshot? {
        guard let manager = liveManager else {
            return selector.identity(for: serverName).map {
                ServerSnapshot(self, identity: $0, policy: policy, serverName: serverName)
            }
        }
        let state = manager.snapshot
        // The manager's identity and its pools are of one moment, whatever is updated meanwhile.
        let identity = selector.identity(for: serverName) { provider in
            (provider as? CertAuthManager) === manager ? state.identity : provider.identity
        }
        guard let identity else { return nil }
        return ServerSnapshot(
            self,
            identity: identity,
            policy: try ClientPolicy(settings, mode: state.clientAuth, clientCAs: state.clientCAs),
            serverName: serverName
        )
    }
}

/// Everything of a server's settings at the moment when a ClientHello is processed, and the name in it.
///
/// A class, since a handshake looks at it a dozen times, and each copy of a struct would count all that is in it.
final class ServerSnapshot: Sendable {
    let plan: ServerPlan
    let identity: Identity
    let policy: ClientPolicy
    let revocation: RevocationSnapshot
    /// The name that the client asked for.
    let serverName: String?
    /// The protocols of the host for ALPN; nil for the server's own.
    let protocols: [[UInt8]]?

    init(_ plan: ServerPlan, identity: Identity, policy: ClientPolicy, serverName: String?) {
        self.plan = plan
        self.identity = identity
        self.policy = policy
        revocation = plan.settings.revocation.snapshot
        self.serverName = serverName
        protocols = nil
    }

    init(_ plan: ServerPlan, _ host: ServerHosts.State, serverName: String?) {
        self.plan = plan
        identity = host.identity
        policy = host.policy
        revocation = host.revocation
        self.serverName = serverName
        protocols = host.protocols
    }
}
