public import Logging
internal import Synchronization

/// Holds an identity together with what its holder asks of peers: client CAs and mode, root CAs and server name.
///
/// The identity rotates as with ``CertManager``. Pools, mode and server name are fixed when a server or client is
/// made from the manager with ``PoolPolicy/fixedAtStart``: changing them then has no effect until it is made anew,
/// and a warning says so. With ``PoolPolicy/live`` every handshake takes them afresh.
public final class CertAuthManager: IdentityProvider {
    struct State: Sendable {
        var identity: Identity
        var clientCAs: CertificatePool?
        var clientAuth: ClientAuth
        var rootCAs: CertificatePool?
        var serverName: ServerName?
        /// How many servers and clients live that took their pools at their start.
        var fixedUsers = 0
    }

    private let state: Mutex<State>
    private let logger: Logger?

    /// Starts with an identity, and what is asked of clients and of servers.
    public init(
        _ identity: Identity,
        clientAuth: ClientAuth = .noClientCert,
        clientCAs: CertificatePool? = nil,
        rootCAs: CertificatePool? = nil,
        serverName: ServerName? = nil,
        logger: Logger? = nil
    ) {
        state = Mutex(
            State(
                identity: identity,
                clientCAs: clientCAs,
                clientAuth: clientAuth,
                rootCAs: rootCAs,
                serverName: serverName
            )
        )
        self.logger = logger
    }

    /// The identity that a handshake would take now.
    public var identity: Identity { state.withLock { $0.identity } }
    /// The pool that clients are verified against, or nil.
    public var clientCAs: CertificatePool? { state.withLock { $0.clientCAs } }
    /// The demand of servers on their clients.
    public var clientAuth: ClientAuth { state.withLock { $0.clientAuth } }
    /// The pool that servers are verified against, or nil.
    public var rootCAs: CertificatePool? { state.withLock { $0.rootCAs } }
    /// The name that servers are verified by, or nil.
    public var serverName: ServerName? { state.withLock { $0.serverName } }

    /// Replaces the identity, chain and key in one step; the next handshake takes it.
    public func update(_ identity: Identity) {
        state.withLock { $0.identity = identity }
        logger?.info("identity updated", metadata: ["certificate": "\(identity)"])
    }

    /// Replaces the identity together with what is asked of clients, so that no live handshake sees one generation's
    /// identity with another's pool or mode.
    public func update(_ identity: Identity, clientAuth: ClientAuth, clientCAs: CertificatePool?) {
        change("ClientAuth and ClientCAs") {
            $0.identity = identity
            $0.clientAuth = clientAuth
            $0.clientCAs = clientCAs
        }
        logger?.info("identity updated", metadata: ["certificate": "\(identity)"])
    }

    /// Replaces the identity together with what is asked of servers, so that no live connection starts with one
    /// generation's identity and another's roots or name.
    public func update(_ identity: Identity, rootCAs: CertificatePool?, serverName: ServerName?) {
        change("RootCAs and ServerName") {
            $0.identity = identity
            $0.rootCAs = rootCAs
            $0.serverName = serverName
        }
        logger?.info("identity updated", metadata: ["certificate": "\(identity)"])
    }

    /// Sets the pool that clients are verified against.
    public func setClientCAs(_ pool: CertificatePool?) {
        change("ClientCAs") { $0.clientCAs = pool }
    }

    /// Sets what servers ask of their clients.
    public func setClientAuth(_ mode: ClientAuth) {
        change("ClientAuth") { $0.clientAuth = mode }
    }

    /// Sets mode and pool in one step, so that no live handshake sees one without the other.
    public func setClientAuth(_ mode: ClientAuth, clientCAs: CertificatePool?) {
        change("ClientAuth and ClientCAs") {
            $0.clientAuth = mode
            $0.clientCAs = clientCAs
        }
    }

    /// Sets the pool that servers are verified against.
    public func setRootCAs(_ pool: CertificatePool?) {
        change("RootCAs") { $0.rootCAs = pool }
    }

    /// Sets the name that servers are verified by.
    public func setServerName(_ name: ServerName?) {
        change("ServerName") { $0.serverName = name }
    }

    /// Everything at one moment.
    var snapshot: State { state.withLock { $0 } }

    /// Counts somebody who took the pools at a start and won't look again, so that a later change is warned about.
    package func addFixedUser() {
        state.withLock { $0.fixedUsers += 1 }
    }

    /// Takes back an ``addFixedUser()``.
    package func removeFixedUser() {
        state.withLock { $0.fixedUsers -= 1 }
    }

    private func change(_ setting: String, _ body: (inout sending State) -> Void) {
        let users = state.withLock { state in
            body(&state)
            return state.fixedUsers
        }
        guard users > 0 else { return }
        logger?.warning(
            "\(setting) changed: no effect until restart on what took its pools at its start",
            metadata: ["users": "\(users)"]
        )
    }
}

/// When pools, mode and server name are taken from a ``CertAuthManager``.
public enum PoolPolicy: String, Sendable, Hashable, CaseIterable {
    /// Once, when the server or client is made, as the Ergo framework documents it.
    case fixedAtStart
    /// For every handshake: by a server when it processes the ClientHello, by a client when it starts.
    case live
}
