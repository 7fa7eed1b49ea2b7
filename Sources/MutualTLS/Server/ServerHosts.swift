internal import OpenSSL

extension MutualTLSConfiguration.Server {
    /// A server name's own policy: what it presents, and what it asks of its clients.
    ///
    /// ```swift
    /// settings.hosts["admin.example.test"] = .init(
    ///     identity: adminIdentity,
    ///     clientAuth: .requireAndVerifyClientCert,
    ///     clientCAs: administrators
    /// )
    /// ```
    public struct Host: Sendable {
        /// The identity that the host presents.
        public var identity: any IdentityProvider
        /// The demand on clients.
        public var clientAuth: ClientAuth
        /// The pool that clients are verified against.
        public var clientCAs: CertificatePool?
        /// The CA names of the CertificateRequest.
        public var acceptableCANames: AcceptableCANames = .derived
        /// Whether verified clients are looked up in revocation lists.
        public var revocation: RevocationPolicy = .off
        /// The protocols that are spoken by ALPN, or nil for those of the server.
        public var applicationProtocols: [String]?
        /// The manager that identity, mode and pool come from, if the host was made with one.
        public let authManager: CertAuthManager?

        /// A host with an identity, or with a ``CertManager`` that rotates it.
        public init(
            identity: any IdentityProvider,
            clientAuth: ClientAuth,
            clientCAs: CertificatePool? = nil
        ) {
            self.identity = identity
            self.clientAuth = clientAuth
            self.clientCAs = clientCAs
            authManager = nil
        }

        /// A host whose identity, mode and pool come from a manager, taken afresh by every handshake: each host rotates by
        /// itself. ``clientAuth`` and ``clientCAs`` stay as they are.
        public init(manager: CertAuthManager) {
            identity = manager
            clientAuth = .noClientCert
            clientCAs = nil
            authManager = manager
        }
    }
}

/// The hosts of a server, found consistent.
struct ServerHosts: Sendable {
    /// The policy of one host at one moment.
    struct State: Sendable {
        let identity: Identity
        let policy: ClientPolicy
        let revocation: RevocationSnapshot
        let protocols: [[UInt8]]?
    }

    private let byName: [DNSNameKey: MutualTLSConfiguration.Server.Host]
    /// Sorted, so that a message names the same host each time.
    private let names: [(key: DNSNameKey, name: String)]
    private let settings: MutualTLSConfiguration.Server

    init(_ settings: MutualTLSConfiguration.Server) throws(MutualTLSError) {
        self.settings = settings
        var byName: [DNSNameKey: MutualTLSConfiguration.Server.Host] = [:]
        var names: [(key: DNSNameKey, name: String)] = []
        for (name, host) in settings.hosts {
            let key = try IdentitySelector.key(name, of: "hosts")
            if host.authManager != nil, host.clientAuth != .noClientCert || host.clientCAs != nil {
                throw MutualTLSError(
                    .conflictingSettings,
                    "clientAuth or clientCAs of the host \(key) is set beside a CertAuthManager, which has its own. "
                        + "Set them on the manager."
                )
            }
            // A host that can't be served is to be known before a client asks for it.
            _ = try Self.state(of: host, settings)
            names.append((key: DNSNameKey(host: key), name: key))
            guard byName.updateValue(host, forKey: DNSNameKey(host: key)) == nil else {
                throw MutualTLSError(
                    .conflictingSettings,
                    "hosts has two policies for \"\(key)\", in different letter case or with a trailing dot. Keep one."
                )
            }
        }
        self.byName = byName
        self.names = names.sorted { $0.name < $1.name }
    }

    /// The policy of the host that a client asks for; nil for any other name, and for none.
    func state(for serverName: String?) throws(MutualTLSError) -> State? {
        guard let entry = entry(for: serverName), let host = byName[entry] else { return nil }
        return try Self.state(of: host, settings)
    }

    /// The name or the wildcard whose policy a name gets; nil for the default policy.
    func entry(for serverName: String?) -> DNSNameKey? {
        guard !byName.isEmpty, let name = serverName.map({ DNSNameKey(host: $0) }) else { return nil }
        return byName[name] != nil ? name : name.wildcard.flatMap { byName[$0] != nil ? $0 : nil }
    }

    private static func state(
        of host: MutualTLSConfiguration.Server.Host,
        _ settings: MutualTLSConfiguration.Server
    ) throws(MutualTLSError) -> State {
        // The manager's identity, mode and pool are of one moment, whatever is updated meanwhile.
        let state = host.authManager?.snapshot
        return State(
            identity: state?.identity ?? host.identity.identity,
            policy: try ClientPolicy(
                settings,
                mode: state?.clientAuth ?? host.clientAuth,
                clientCAs: state.map { $0.clientCAs } ?? host.clientCAs,
                acceptableCANames: host.acceptableCANames
            ),
            revocation: host.revocation.snapshot,
            protocols: try host.applicationProtocols.map(encodedProtocols)
        )
    }

    /// Refuses a default policy that asks less than one of the hosts, at this moment.
    func check(_ policy: ClientPolicy, _ revocation: RevocationSnapshot) throws(MutualTLSError) {
        guard !settings.defaultPolicyMayBeWeaker else { return }
        for (key, name) in names {
            guard let host = byName[key] else { continue }
            let mode = settings.decisions.clientAuth(host.authManager?.clientAuth ?? host.clientAuth)
            let isWeaker =
                (mode.requiresCertificate && !policy.mode.requiresCertificate)
                || (mode.verifiesCertificate && !policy.mode.verifiesCertificate)
                || host.revocation.snapshot.scope.strictness > revocation.scope.strictness
            guard isWeaker else { continue }
            throw MutualTLSError(
                .conflictingSettings,
                "The default policy, \(policy.mode.rawValue), asks less of clients than the host \(name), "
                    + "\(mode.rawValue): a client that sends another name or none gets around it. Make the default "
                    + "policy as strict, or set defaultPolicyMayBeWeaker."
            )
        }
    }
}

extension RevocationPolicy.Scope {
    /// How many certificates of a chain are looked up, in order.
    fileprivate var strictness: Int {
        switch self {
        case .off: 0
        case .leaf: 1
        case .chain: 2
        }
    }
}

/// The names of protocols as ALPN sends them (RFC 7301 section 3.1).
func encodedProtocols(_ names: [String]) throws(MutualTLSError) -> [[UInt8]] {
    for name in names where name.isEmpty || name.utf8.count > 255 {
        throw MutualTLSError(
            .invalidApplicationProtocol,
            "Expected names of 1 to 255 bytes as application protocols, found one of \(name.utf8.count)."
        )
    }
    let protocols = names.map { Array($0.utf8) }
    guard protocols.reduce(0, { $0 + 1 + $1.count }) <= 65_535 else {
        throw MutualTLSError(
            .invalidApplicationProtocol,
            "The \(names.count) application protocols take more than the 65535 bytes that ALPN has room for."
        )
    }
    return protocols
}

/// Finds the identity for a server name: exact, then a wildcard of one label, then the default one.
struct IdentitySelector: Sendable {
    let defaultIdentity: any IdentityProvider
    private let byName: [DNSNameKey: any IdentityProvider]
    private let isStrict: Bool
    private let decisions: Decisions

    init(
        _ settings: MutualTLSConfiguration.Server,
        defaultIdentity: any IdentityProvider
    ) throws(MutualTLSError) {
        self.defaultIdentity = defaultIdentity
        isStrict = settings.strictSNI
        decisions = settings.decisions
        var folded: [DNSNameKey: any IdentityProvider] = [:]
        for (name, identity) in settings.identitiesByName {
            let key = try IdentitySelector.key(name, of: "identitiesByName")
            guard folded.updateValue(identity, forKey: DNSNameKey(host: key)) == nil else {
                throw MutualTLSError(
                    .conflictingSettings,
                    "identitiesByName has two identities for \"\(key)\", in different letter case or with a trailing dot. "
                        + "Keep one."
                )
            }
        }
        self.byName = folded
    }

    /// The identity to present, or nil to refuse the name.
    ///
    /// - Parameter read: how the identity of a provider is found.
    func identity(
        for serverName: String?,
        read: (any IdentityProvider) -> Identity = { $0.identity }
    ) -> Identity? {
        guard let provider = entry(for: serverName).flatMap({ byName[$0] }) else {
            let identity = read(defaultIdentity)
            return isKnown(serverName, to: identity) ? identity : nil
        }
        return read(provider)
    }

    /// The name or the wildcard whose identity a name gets; nil for the default identity.
    func entry(for serverName: String?) -> DNSNameKey? {
        guard !byName.isEmpty, let name = decisions.nameToLookUp(serverName) else { return nil }
        return byName[name] != nil ? name : name.wildcard.flatMap { byName[$0] != nil ? $0 : nil }
    }

    /// Whether the default identity may answer to a name that no other identity has.
    func isKnown(_ serverName: String?, to identity: Identity) -> Bool {
        guard isStrict, let name = serverName.map({ DNSNameKey(host: $0) }) else { return true }
        let known = identity.certificate.dnsNames.map { DNSNameKey($0) }
        return known.contains(name) || name.wildcard.map(known.contains) ?? false
    }

    static func key(_ name: String, of setting: String) throws(MutualTLSError) -> String {
        let isWildcard = name.hasPrefix("*.")
        let parsed: ServerName
        do {
            parsed = try ServerName(isWildcard ? String(name.dropFirst(2)) : name)
        } catch {
            throw MutualTLSError(.invalidServerName, "In \(setting): \(error.message)", cause: error)
        }
        guard let host = parsed.sni else {
            throw MutualTLSError(
                .invalidServerName,
                "\(setting) has the address \(parsed), and SNI never carries one (RFC 6066 section 3)."
            )
        }
        return isWildcard ? "*." + host : host
    }
}
