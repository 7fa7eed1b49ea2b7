public import MutualTLS
internal import Synchronization
internal import _StringProcessing

/// Where names lead, and with whose certificate.
///
/// A route stands for itself: it takes nothing from the node's manager. Without a manager of its own it presents no
/// client certificate. Where several match, they are tried in their order until one connects; the resolver is asked only
/// for names that none matches.
public struct StaticRoute: Sendable {
    /// A regular expression. It matches a name that holds it anywhere; anchor it with `^` and `$` to match the whole.
    public var pattern: String
    /// Where matching names lead.
    public var address: NodeAddress
    /// The identity that is presented; nil presents none. A `CertAuthManager` brings root CAs and server name too.
    public var certManager: (any IdentityProvider)?
    /// The pool that servers are verified against, in place of the manager's.
    public var rootCAs: CertificatePool?
    /// The name that servers are verified by, in place of the manager's; with neither, the address's host.
    public var serverName: ServerName?

    /// A route for the names that match a pattern.
    public init(
        _ pattern: String,
        to address: NodeAddress,
        certManager: (any IdentityProvider)? = nil,
        rootCAs: CertificatePool? = nil,
        serverName: ServerName? = nil
    ) {
        self.pattern = pattern
        self.address = address
        self.certManager = certManager
        self.rootCAs = rootCAs
        self.serverName = serverName
    }

    /// Whether the name is one that this route leads to.
    ///
    /// - Throws: ``/MutualTLS/MutualTLSError/Code/invalidRoute`` for a pattern that is no regular expression.
    public func matches(_ name: String) throws(MutualTLSError) -> Bool {
        // An expression can't be shared between threads, and a connection costs far more than making one.
        do {
            return try Regex(pattern).matchingSemantics(.unicodeScalar).firstMatch(in: name) != nil
        } catch {
            throw MutualTLSError(
                .invalidRoute,
                "Expected a regular expression as a route's pattern, found \"\(pattern)\". Correct the pattern.",
                cause: error
            )
        }
    }
}

/// The identity and the trust of outgoing connections: of a node, or of one of its routes.
final class OutgoingTrust: Sendable {
    private let identity: (any IdentityProvider)?
    private let rootCAs: CertificatePool?
    private let serverName: ServerName?
    /// The manager that is asked anew for each connection, with live pools.
    private let live: CertAuthManager?
    private let options: NodeOptions
    /// The last client of each host, which keeps the sessions with it.
    private let clients = Mutex<[ClientKey: MutualTLSClient]>([:])

    /// The part of a client's settings that differs from connection to connection of one node.
    private struct ClientKey: Hashable {
        let host: [UInt8]
        let rootCAs: CertificatePool?
        let serverName: ServerName?
    }

    /// The node's own.
    convenience init(_ options: NodeOptions) {
        self.init(options.certManager, rootCAs: nil, serverName: nil, options)
    }

    /// A route's, which takes nothing from the node's manager.
    convenience init(_ route: StaticRoute, _ options: NodeOptions) {
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
        let key = ClientKey(
            host: Array(host.utf8),
            rootCAs: rootCAs ?? live?.rootCAs,
            serverName: try expectedName(for: host)
        )
        if let known = clients.withLock({ $0[key] }) { return known }
        var settings = MutualTLSConfiguration.Client(identity: identity, currentTime: options.currentTime)
        settings.rootCAs = key.rootCAs
        settings.insecureSkipVerify = options.network.insecureSkipVerify
        settings.serverName = key.serverName
        settings.minimumVersion = options.network.minimumVersion
        settings.maximumVersion = options.network.maximumVersion
        settings.logger = options.logger
        options.network.configureClient(&settings)
        let fresh = try settings.resolve()
        return clients.withLock { clients in
            // What was made under earlier roots or names goes, with its sessions.
            clients = clients.filter { $0.key.host != key.host }
            clients[key] = fresh
            return fresh
        }
    }

    private func expectedName(for host: String) throws(MutualTLSError) -> ServerName? {
        if let name = serverName ?? live?.serverName { return name }
        // Unverified, the name is no more than SNI, and a host that can't be one goes without.
        return options.network.insecureSkipVerify ? try? ServerName(host) : try ServerName(host)
    }
}

/// Marks managers whose pools a node has taken at its start, so that a change to them is warned about.
final class FixedPools: Sendable {
    private let managers: [CertAuthManager]

    init(_ options: NodeOptions) {
        let providers = [options.certManager] + options.network.routes.map(\.certManager)
        managers = options.poolPolicy == .fixedAtStart ? providers.compactMap { $0 as? CertAuthManager } : []
        for manager in managers { manager.addFixedUser() }
    }

    deinit {
        for manager in managers { manager.removeFixedUser() }
    }
}
