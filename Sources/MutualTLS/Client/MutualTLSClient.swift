internal import OpenSSL

/// A client whose settings were found consistent. It makes connections, and owns no socket.
///
/// It may be shared between threads; each connection belongs to one at a time. The identity rotates through its
/// manager.
public final class MutualTLSClient: Sendable {
    let plan: ClientPlan
    private let fixedManager: CertAuthManager?

    init(_ plan: ClientPlan, fixedManager: CertAuthManager?) {
        self.plan = plan
        self.fixedManager = fixedManager
        fixedManager?.addFixedUser()
    }

    deinit {
        fixedManager?.removeFixedUser()
    }

    /// The scope of a connection that starts now, as 32 bytes: everything of the settings that decides about
    /// trust, at this moment. Connections with equal scopes are interchangeable.
    package func scope() throws(MutualTLSError) -> [UInt8] {
        try plan.currentSnapshot().scope.bytes
    }

    /// Makes the client's side of a connection; ``Connection/start()`` sends the ClientHello.
    ///
    /// - Parameter offeringSession: whether a session of an earlier connection may be resumed, if the settings keep
    ///   sessions. Without, the handshake is a full one, and its session is kept for later ones all the same.
    public func makeConnection(offeringSession: Bool = true) throws(MutualTLSError) -> sending Connection {
        let handshake = ClientHandshake(plan, offersSession: offeringSession)
        return try Connection(context: plan.context, handshake: handshake, role: .client)
    }
}

extension MutualTLSClient {
    /// The sessions that could be offered later, as bytes to keep until ``importSessions(_:)``; without a session
    /// policy there are none.
    ///
    /// They hold the sessions' secrets: whoever reads them can resume the sessions in this client's place, and whoever
    /// writes them decides which servers it takes for verified. Keep them like a private key, in a file of mode 0600.
    public func exportSessions() -> [UInt8] {
        SessionArchive.bytes(of: plan.sessions?.all ?? [])
    }

    /// Adds sessions that ``exportSessions()`` has made, in this process or an earlier one.
    ///
    /// Sessions that this client's settings would not have made are kept and never offered, so one file may serve several
    /// servers. It throws ``MutualTLSError/Code/undecodableSessions`` for bytes that are something else, and takes
    /// none of them then.
    public func importSessions(_ bytes: [UInt8]) throws(MutualTLSError) {
        let sessions = try SessionArchive.sessions(in: bytes)
        plan.sessions?.add(sessions)
    }
}

/// A client's settings, found consistent, and what every connection of it shares.
final class ClientPlan: Sendable {
    let settings: MutualTLSConfiguration.Client
    let context: SSLContext
    /// Nil when the server goes unverified.
    let verifier: PeerVerifier?
    /// Nil when no session is ever offered.
    let sessions: SessionCache?
    /// The protocols that are offered by ALPN.
    let protocols: [[UInt8]]
    /// The trust and the expected name, unless each connection takes them from ``liveManager``.
    private let expectation: ServerExpectation
    private let liveManager: CertAuthManager?

    /// - Parameter expectation: what is trusted and expected now.
    init(
        _ settings: MutualTLSConfiguration.Client,
        context: SSLContext,
        expectation: ServerExpectation
    ) throws(MutualTLSError) {
        self.settings = settings
        self.context = context
        verifier =
            settings.insecureSkipVerify
            ? nil
            : PeerVerifier(
                purpose: .serverAuthentication,
                currentTime: settings.currentTime,
                decisions: settings.decisions
            )
        sessions = try SessionCache(settings.sessions)
        self.expectation = expectation
        protocols = try encodedProtocols(settings.applicationProtocols)
        liveManager = settings.liveManager
    }

    /// The values that a connection takes when it starts now.
    func currentSnapshot() throws(MutualTLSError) -> ClientSnapshot {
        guard let manager = liveManager else {
            return ClientSnapshot(self, expectation: expectation, identity: settings.identity?.identity)
        }
        let state = manager.snapshot
        // The manager's identity and its roots are of one moment, whatever is updated meanwhile.
        let isManaged = (settings.identity as? CertAuthManager) === manager
        return ClientSnapshot(
            self,
            expectation: try ServerExpectation(
                settings,
                rootCAs: state.rootCAs,
                serverName: state.serverName ?? settings.dialedName
            ),
            identity: isManaged ? state.identity : settings.identity?.identity
        )
    }
}

/// The trust and the expected server of a client, at one moment.
struct ServerExpectation: Sendable {
    let rootCAs: CertificatePool?
    let serverName: ServerName?

    /// Refuses what would either trust by accident or fail every handshake.
    init(
        _ settings: MutualTLSConfiguration.Client,
        rootCAs: CertificatePool?,
        serverName: ServerName?
    ) throws(MutualTLSError) {
        let verifies = !settings.insecureSkipVerify
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

/// Everything of a client's settings at the moment when a connection starts.
///
/// A class for the reason that ``ServerSnapshot`` is one.
final class ClientSnapshot: Sendable {
    let plan: ClientPlan
    let expectation: ServerExpectation
    let identity: Identity?
    let revocation: RevocationSnapshot

    init(_ plan: ClientPlan, expectation: ServerExpectation, identity: Identity?) {
        self.plan = plan
        self.expectation = expectation
        self.identity = identity
        revocation = plan.settings.revocation.snapshot
    }

    /// The content of the server_name extension; nil for no extension.
    var sentServerName: String? {
        switch plan.settings.serverNameIndication {
        case .none: nil
        case .verbatim(let name): name
        case .serverName: expectation.serverName?.sni
        }
    }
}
