internal import MutualTLS

/// Whom outgoing connections present themselves as, and whom they trust: of a node, or of one of its routes.
struct OutgoingTrust: Sendable {
    private let identity: (any IdentityProvider)?
    private let rootCAs: CertificatePool?
    private let serverName: ServerName?
    /// The manager that is asked anew for each connection, with live pools.
    private let live: CertAuthManager?
    private let options: NodeOptions

    /// The node's own.
    init(_ options: NodeOptions) {
        self.init(options.certManager, rootCAs: nil, serverName: nil, options)
    }

    /// A route's, which takes nothing from the node's manager.
    init(_ route: StaticRoute, _ options: NodeOptions) {
        self.init(route.certManager, rootCAs: route.rootCAs, serverName: route.serverName, options)
    }

    private init(
        _ identity: (any IdentityProvider)?,
        rootCAs: CertificatePool?,
        serverName: ServerName?,
        _ options: NodeOptions
    ) {
        let manager = identity as? CertAuthManager
        let isLive = options.poolPolicy == .live
        self.identity = identity
        self.rootCAs = rootCAs ?? (isLive ? nil : manager?.rootCAs)
        self.serverName = serverName ?? (isLive ? nil : manager?.serverName)
        live = isLive ? manager : nil
        self.options = options
    }

    /// A client for one host, whose name it expects unless another one is set, as Go's `tls.Dial` does.
    func client(for host: String) throws(MutualTLSError) -> MutualTLSClient {
        var settings = MutualTLSConfiguration.Client(identity: identity, currentTime: options.currentTime)
        settings.rootCAs = rootCAs ?? live?.rootCAs
        settings.insecureSkipVerify = options.network.insecureSkipVerify
        settings.serverName = try expectedName(for: host)
        settings.minimumVersion = options.network.minimumVersion
        settings.maximumVersion = options.network.maximumVersion
        settings.logger = options.logger
        return try settings.resolve()
    }

    private func expectedName(for host: String) throws(MutualTLSError) -> ServerName? {
        if let name = serverName ?? live?.serverName { return name }
        // Unverified, the name is no more than SNI, and a host that can't be one goes without.
        return options.network.insecureSkipVerify ? try? ServerName(host) : try ServerName(host)
    }
}
