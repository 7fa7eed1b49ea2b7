internal import Logging
internal import OpenSSL

extension MutualTLSConfiguration.Server {
    /// Checks the settings as a whole and makes a server of them, or says what is wrong before any byte flows.
    public func resolve() throws(MutualTLSError) -> MutualTLSServer {
        guard let identity else {
            throw MutualTLSError(.missingIdentity, "A server needs an identity. Set identity.")
        }
        try refuseConflicts()
        let context = try SSLContext.shared(
            .server,
            from: minimumVersion,
            to: maximumVersion,
            securityLevel: securityLevel,
            exportsKeys: keyLog != nil,
            keepsSessions: sessions.scoped != nil
        )
        for provider in [identity] + identitiesByName.values + hosts.values.map(\.identity) {
            try context.refuseUnusable(provider.identity)
        }
        let mode = authManager?.clientAuth ?? clientAuth
        let pool = authManager?.clientCAs ?? clientCAs
        let policy = try ClientPolicy(self, mode: mode, clientCAs: pool)
        let hosts = try ServerHosts(self)
        try hosts.check(policy, revocation.snapshot)
        warn(about: mode, pool)
        let selector = try IdentitySelector(self, defaultIdentity: identity)
        let plan = try ServerPlan(self, context: context, selector: selector, hosts: hosts, policy: policy)
        return MutualTLSServer(plan, fixedManager: poolPolicy == .fixedAtStart ? authManager : nil)
    }

    /// Where each handshake takes mode and pool from; nil when they were taken already.
    var liveManager: CertAuthManager? { poolPolicy == .live ? authManager : nil }

    private func refuseConflicts() throws(MutualTLSError) {
        guard authManager != nil, clientAuth != .noClientCert || clientCAs != nil else { return }
        throw MutualTLSError(
            .conflictingSettings,
            "clientAuth or clientCAs is set beside a CertAuthManager, which has its own. Set them on the manager."
        )
    }

    private func warn(about mode: ClientAuth, _ pool: CertificatePool?) {
        if pool != nil, !mode.verifiesCertificate {
            logger?.warning("ClientCAs are set, and \(mode.rawValue) doesn't verify clients against them")
        }
        if let pool, pool.isEmpty, mode.verifiesCertificate {
            logger?.warning("ClientCAs are empty: \(mode.rawValue) refuses every client certificate")
        }
    }
}

extension MutualTLSConfiguration.Client {
    /// Checks the settings as a whole and makes a client of them, or says what is wrong before any byte flows.
    public func resolve() throws(MutualTLSError) -> MutualTLSClient {
        guard authManager == nil || (rootCAs == nil && serverName == nil) else {
            throw MutualTLSError(
                .conflictingSettings,
                "rootCAs or serverName is set beside a CertAuthManager, which has its own. Set them on the manager."
            )
        }
        let context = try SSLContext.shared(
            .client,
            from: minimumVersion,
            to: maximumVersion,
            securityLevel: securityLevel,
            exportsKeys: keyLog != nil,
            keepsSessions: sessions.scoped != nil
        )
        if let identity {
            try context.refuseUnusable(identity.identity)
        }
        let expectation = try ServerExpectation(
            self,
            rootCAs: authManager?.rootCAs ?? rootCAs,
            serverName: authManager?.serverName ?? serverName ?? dialedName
        )
        if insecureSkipVerify {
            logger?.warning(
                "insecureSkipVerify is set: the server's certificate is not verified",
                metadata: ["serverName": "\(expectation.serverName.map(\.description) ?? "none")"]
            )
        }
        let plan = try ClientPlan(self, context: context, expectation: expectation)
        return MutualTLSClient(plan, fixedManager: poolPolicy == .fixedAtStart ? authManager : nil)
    }

    /// Where each connection takes roots and name from; nil when they were taken already.
    var liveManager: CertAuthManager? { poolPolicy == .live ? authManager : nil }
}

/// A version of TLS that the library speaks.
public enum TLSVersion: String, Sendable, Hashable, Comparable, CaseIterable, Codable {
    /// TLS 1.2 (RFC 5246).
    case tls12 = "1.2"
    /// TLS 1.3 (RFC 8446).
    case tls13 = "1.3"

    /// Whether the left one is the older version.
    public static func < (left: TLSVersion, right: TLSVersion) -> Bool {
        left.rawValue < right.rawValue
    }

    var wireVersion: SSLProtocolVersion { self == .tls12 ? .tls12 : .tls13 }

    init?(wireNumber: Int32) {
        switch SSLProtocolVersion(rawValue: wireNumber) {
        case .tls12: self = .tls12
        case .tls13: self = .tls13
        case nil: return nil
        }
    }
}

/// The foundation of the library.
public enum MutualTLSLibrary {
    /// The version of the OpenSSL that is loaded, for example `3.0.19`; it may be later than the one built against.
    public static var openSSLVersion: String { OpenSSLLibrary.version }
}
