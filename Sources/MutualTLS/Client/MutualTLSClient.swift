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

    /// What a connection that starts now would be made under, as 32 bytes: everything of the settings that decides about
    /// trust, at this moment. Connections with equal scopes are interchangeable.
    package func scope() throws(MutualTLSError) -> [UInt8] {
        plan.scope(of: try plan.currentSnapshot(), sentName: nil).bytes
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
    /// Those that this client's settings would not have made are kept and never offered, so one file may serve several
    /// servers. It throws ``MutualTLSError/Code/undecodableSessions`` for bytes that are something else, and takes
    /// none of them then.
    public func importSessions(_ bytes: [UInt8]) throws(MutualTLSError) {
        let sessions = try SessionArchive.sessions(in: bytes)
        plan.sessions?.add(sessions)
    }
}

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
        /// The name is that of the dialed host, for a manager that has none.
        case live(CertAuthManager, ServerName?)
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
        case .live(let manager, let dialedName):
            let state = manager.snapshot
            let expectation = try ServerExpectation(
                rootCAs: state.rootCAs,
                serverName: state.serverName ?? dialedName,
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

/// Everything of a client's settings that may rotate, at the moment when a connection starts.
///
/// A class for the reason that ``ServerSnapshot`` is one.
final class ClientSnapshot: Sendable {
    let expectation: ServerExpectation
    let identity: Identity?
    let revocation: RevocationSnapshot

    init(expectation: ServerExpectation, identity: Identity?, revocation: RevocationSnapshot) {
        self.expectation = expectation
        self.identity = identity
        self.revocation = revocation
    }
}
