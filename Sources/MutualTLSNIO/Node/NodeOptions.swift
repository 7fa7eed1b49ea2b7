public import Logging
public import MutualTLS

/// The settings that a ``Node`` is started with.
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
        currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now
    ) {
        self.certManager = certManager
        self.network = network
        self.currentTime = currentTime
    }
}

/// How a ``Node`` listens and connects.
public struct NetworkOptions: Sendable {
    /// The port of the default acceptor, as the Ergo documentation names it.
    ///
    /// The framework's own constant is 11144: set the port where a node of it must be met on that one.
    public static let defaultPort = 15_000

    /// The ports that the node listens on; by default one, the default acceptor. None is a node that only connects.
    public var acceptors = [AcceptorOptions()]
    /// Where names lead, first match first; see ``StaticRoute``.
    public var routes: [StaticRoute] = []
    /// Where names lead that no static route matches: such connections are made with the node's own manager.
    public var resolver: (@Sendable (String) async throws -> NodeAddress?)?
    /// Whether servers go unverified on **every** outgoing connection, whatever their route.
    ///
    /// Anybody on the way can then be the server. It is for development alone, and each use is logged.
    public var insecureSkipVerify = false
    /// The lowest version that is spoken.
    public var minimumVersion = TLSVersion.tls12
    /// The highest version that is spoken.
    public var maximumVersion = TLSVersion.tls13
    /// Changes the settings of outgoing connections, of which everything holds: revocation, sessions, what is presented.
    ///
    /// It is called once for each host and each change of roots, and not for each connection.
    public var configureClient: @Sendable (inout MutualTLSConfiguration.Client) -> Void = { _ in }
    /// Changes the settings that acceptors serve with, at the start of the node: revocation, sessions, CA names.
    public var configureServer: @Sendable (inout MutualTLSConfiguration.Server) -> Void = { _ in }
    /// Timeouts and limits of outgoing connections, and whether they wait for the server's verdict.
    public var dialer = MutualTLSDialerOptions()

    /// The defaults.
    public init() {}
}

/// Where a node listens.
public struct NodeAddress: Sendable, Hashable {
    /// A name or an address.
    public var host: String
    /// The port.
    public var port: Int

    /// An address of a node.
    public init(host: String, port: Int = NetworkOptions.defaultPort) {
        self.host = host
        self.port = port
    }
}

/// One port that a ``Node`` listens on.
public struct AcceptorOptions: Sendable {
    /// A local address, or a name of one. By default, as in Ergo, the host of the node's name, which stands behind its
    /// `@`; of a name without one, every address of the machine.
    public var host: String?
    /// The port, or 0 for any free one; see ``Node/ports``.
    public var port: Int
    /// The identity, and with a `CertAuthManager` also mode and client CAs, of this acceptor; nil takes the node's.
    public var certManager: (any IdentityProvider)?
    /// Limits of its connections.
    public var limits = MutualTLSAcceptorOptions()

    /// An acceptor on a port.
    public init(
        host: String? = nil,
        port: Int = NetworkOptions.defaultPort,
        certManager: (any IdentityProvider)? = nil
    ) {
        self.host = host
        self.port = port
        self.certManager = certManager
    }
}
