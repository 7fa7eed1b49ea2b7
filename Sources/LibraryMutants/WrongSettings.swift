#if Selftest
package import MutualTLS
internal import OpenSSL
internal import OpenSSLMinting

extension LibraryMutant {
    /// Makes a server's settings those of a library with the defect. They must be complete.
    package func alter(_ settings: inout MutualTLSConfiguration.Server) {
        settings.decisions = WrongDecisions(self)
        switch self {
        case .omitCANames: settings.acceptableCANames = .none
        case .ignoreRevocation: settings.revocation = .off
        case .ignoreSNI: settings.identitiesByName = [:]
        case .ignoreStrictSNI: settings.strictSNI = false
        case .ignoreRotation:
            settings.identity = settings.identity?.identity
            settings.identitiesByName = settings.identitiesByName.mapValues(\.identity)
        case .ignoreTicketLifetime:
            guard let scoped = settings.sessions.scoped else { return }
            settings.sessions = .scoped(
                lifetime: Self.longestLifetime,
                ticketKeys: scoped.ticketKeys,
                capacity: scoped.capacity
            )
        case .livePoolsAlthoughFixed: settings = settings.taking(pools: .live)
        case .fixedPoolsAlthoughLive: settings = settings.taking(pools: .fixedAtStart)
        case .swapPools:
            guard let manager = settings.authManager else { return }
            settings = settings.withoutManager(clientAuth: manager.clientAuth, clientCAs: manager.rootCAs)
        default: break
        }
    }

    /// Makes a client's settings those of a library with the defect. They must be complete.
    package func alter(_ settings: inout MutualTLSConfiguration.Client) {
        settings.decisions = WrongDecisions(self)
        switch self {
        case .ignoreRevocation: settings.revocation = .off
        case .withholdClientCertificate: settings.identity = nil
        case .presentRegardlessOfCANames: settings.presents = .always
        case .ignoreRotation: settings.identity = settings.identity?.identity
        case .omitSNI: settings.serverNameIndication = .none
        case .sendSNIForAddresses:
            let name = settings.authManager?.serverName ?? settings.serverName
            guard settings.serverNameIndication == .serverName, let name, name.isAddress else { return }
            settings.serverNameIndication = .verbatim(name.description)
        case .ignoreTicketLifetime:
            guard let scoped = settings.sessions.scoped else { return }
            settings.sessions = .scoped(lifetime: Self.longestLifetime, capacity: scoped.capacity)
        case .livePoolsAlthoughFixed: settings = settings.taking(pools: .live)
        case .fixedPoolsAlthoughLive: settings = settings.taking(pools: .fixedAtStart)
        case .swapPools:
            guard let manager = settings.authManager else { return }
            settings = settings.withoutManager(rootCAs: manager.clientCAs, serverName: manager.serverName)
        default: break
        }
    }

    /// The key that an identity is made with: the mutant takes one that is another certificate's.
    package func privateKey(_ key: PrivateKey, for leaf: Certificate) throws(MutualTLSError) -> PrivateKey {
        guard self == .acceptMismatchedKey, !leaf.x509.matches(privateKey: key.key) else { return key }
        return try PrivateKey(for: leaf) { try key.key.signature(ofDigest: $0) }
    }

    private static let longestLifetime = Duration.seconds(604_800)
}

extension MutualTLSConfiguration.Server {
    /// The same settings with a manager's pools taken at another moment.
    fileprivate func taking(pools policy: PoolPolicy) -> Self {
        guard let authManager else { return self }
        var other = Self(manager: authManager, poolPolicy: policy, currentTime: currentTime)
        other.identity = identity
        other.takeFixedSettings(of: self)
        return other
    }

    /// The same settings with this mode and pool in place of the manager's.
    fileprivate func withoutManager(clientAuth: ClientAuth, clientCAs: CertificatePool?) -> Self {
        var other = Self(identity: identity, currentTime: currentTime)
        other.clientAuth = clientAuth
        other.clientCAs = clientCAs
        other.takeFixedSettings(of: self)
        return other
    }

    private mutating func takeFixedSettings(of other: Self) {
        identitiesByName = other.identitiesByName
        hosts = other.hosts
        defaultPolicyMayBeWeaker = other.defaultPolicyMayBeWeaker
        applicationProtocols = other.applicationProtocols
        strictSNI = other.strictSNI
        acceptableCANames = other.acceptableCANames
        revocation = other.revocation
        sessions = other.sessions
        minimumVersion = other.minimumVersion
        maximumVersion = other.maximumVersion
        securityLevel = other.securityLevel
        keyLog = other.keyLog
        logger = other.logger
        decisions = other.decisions
    }
}

extension MutualTLSConfiguration.Client {
    /// The same settings with a manager's pools taken at another moment.
    fileprivate func taking(pools policy: PoolPolicy) -> Self {
        guard let authManager else { return self }
        var other = Self(manager: authManager, poolPolicy: policy, currentTime: currentTime)
        other.identity = identity
        other.takeFixedSettings(of: self)
        return other
    }

    /// The same settings with these roots and this name in place of the manager's.
    fileprivate func withoutManager(rootCAs: CertificatePool?, serverName: ServerName?) -> Self {
        var other = Self(identity: identity, currentTime: currentTime)
        other.rootCAs = rootCAs
        other.serverName = serverName
        other.takeFixedSettings(of: self)
        return other
    }

    private mutating func takeFixedSettings(of other: Self) {
        presents = other.presents
        applicationProtocols = other.applicationProtocols
        insecureSkipVerify = other.insecureSkipVerify
        serverNameIndication = other.serverNameIndication
        revocation = other.revocation
        sessions = other.sessions
        minimumVersion = other.minimumVersion
        maximumVersion = other.maximumVersion
        securityLevel = other.securityLevel
        keyLog = other.keyLog
        logger = other.logger
        decisions = other.decisions
    }
}
#endif
