public import MutualTLS

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
