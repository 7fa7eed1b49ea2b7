public import MutualTLS

/// One port that a ``Node`` listens on.
public struct AcceptorOptions: Sendable {
    /// A local address, or a name of one. By default every address of the machine.
    public var host = "0.0.0.0"
    /// The port, or 0 for any free one; see ``Node/ports``.
    public var port: Int
    /// The identity, and with a `CertAuthManager` also mode and client CAs, of this acceptor; nil takes the node's.
    public var certManager: (any IdentityProvider)?
    /// Limits of its connections.
    public var limits = MutualTLSAcceptorOptions()

    /// An acceptor on a port.
    public init(
        host: String = "0.0.0.0",
        port: Int = NetworkOptions.defaultPort,
        certManager: (any IdentityProvider)? = nil
    ) {
        self.host = host
        self.port = port
        self.certManager = certManager
    }
}
