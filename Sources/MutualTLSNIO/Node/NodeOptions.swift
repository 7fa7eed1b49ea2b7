public import Logging
public import MutualTLS

/// What a ``Node`` is started with.
public struct NodeOptions: Sendable {
    /// The identity of every acceptor that has none of its own, and of all outgoing connections except those of a
    /// static route, which has its own or none.
    ///
    /// A `CertManager` brings an identity alone: no client is asked for a certificate, and connecting needs roots from
    /// elsewhere. A `CertAuthManager` brings client CAs, mode, root CAs and server name too.
    public var certManager: (any IdentityProvider)?
    /// When mode, pools and server name are taken from a `CertAuthManager`: by default at the start of the node, so
    /// that a change needs a restart, as the Ergo documentation says. Identities always rotate.
    public var poolPolicy = PoolPolicy.fixedAtStart
    /// Acceptors, routes and limits.
    public var network: NetworkOptions
    /// The time that certificates are judged at.
    public var currentTime: @Sendable () -> Timestamp
    /// Where failed connections and warnings are told.
    public var logger: Logger?

    /// Options with a manager.
    public init(
        certManager: (any IdentityProvider)?,
        network: NetworkOptions = NetworkOptions(),
        currentTime: @escaping @Sendable () -> Timestamp
    ) {
        self.certManager = certManager
        self.network = network
        self.currentTime = currentTime
    }
}
