internal import OpenSSL

/// The settings that decide which handshakes are accepted, under the names that they have in ``MutualTLSConfiguration``.
///
/// There is this one list. A snapshot says what its handshake took of each, and a session's scope is the digest of it
/// all, so that no session outlives a change of any of them. A test compares the list with the properties of the
/// configurations: a new setting joins it, or says there why trust doesn't hang on it.
package enum TrustSetting: String, CaseIterable, Sendable {
    case minimumVersion, maximumVersion, securityLevel
    case identity, identitiesByName, hosts, defaultPolicyMayBeWeaker, strictSNI
    case clientAuth, clientCAs, acceptableCANames
    case rootCAs, insecureSkipVerify, presents
    /// On a client the name that it verifies its server by, and on a server the name that its client asked for.
    case serverName
    case serverNameIndication
    case revocation
}

/// The settings that a session was granted under, as 32 bytes: two handshakes may share a session only if their scopes are equal.
struct SessionScope: Sendable, Hashable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    fileprivate init(_ role: String, _ decisions: Decisions, value: (TrustSetting) -> [UInt8]?) {
        var scope = ByteWriter()
        scope.write(Array(role.utf8))
        for setting in TrustSetting.allCases where decisions.bindsSessions(to: setting) {
            scope.write(optional: value(setting))
        }
        bytes = sha256(scope.bytes)
    }
}

extension ServerSnapshot {
    /// The scope of the sessions that its handshake may resume and grant.
    var scope: SessionScope {
        SessionScope("countersign server session", plan.settings.decisions, value: value)
    }

    /// The part of a setting that its handshake took; nil for a client's, and for one that stands in another's value.
    private func value(of setting: TrustSetting) -> [UInt8]? {
        switch setting {
        case .minimumVersion: Array(plan.settings.minimumVersion.rawValue.utf8)
        case .maximumVersion: Array(plan.settings.maximumVersion.rawValue.utf8)
        case .securityLevel: plan.settings.securityLevel.map { Array("\($0)".utf8) }
        case .identity: identity.digest
        // They have chosen the identity, and a name that they refuse gets no further.
        case .identitiesByName, .hosts, .defaultPolicyMayBeWeaker, .strictSNI: nil
        case .clientAuth: Array(policy.mode.rawValue.utf8)
        case .clientCAs: policy.clientCAs?.digest
        case .acceptableCANames: policy.announced?.digest
        // RFC 6066 section 3: a session must not be resumed under another name, as CVE-2025-23419 shows.
        case .serverName: serverName.map { DNSNameKey($0).bytes }
        case .revocation: revocation.digest
        case .rootCAs, .insecureSkipVerify, .presents, .serverNameIndication: nil
        }
    }
}

extension ClientSnapshot {
    /// The scope of the sessions that its handshake may offer and be given.
    var scope: SessionScope {
        SessionScope("countersign client session", plan.settings.decisions, value: value)
    }

    /// The part of a setting that its handshake took; nil for a server's.
    private func value(of setting: TrustSetting) -> [UInt8]? {
        switch setting {
        case .minimumVersion: Array(plan.settings.minimumVersion.rawValue.utf8)
        case .maximumVersion: Array(plan.settings.maximumVersion.rawValue.utf8)
        case .securityLevel: plan.settings.securityLevel.map { Array("\($0)".utf8) }
        case .identity: identity?.digest
        case .rootCAs: expectation.rootCAs?.digest
        case .insecureSkipVerify: [plan.settings.insecureSkipVerify ? 1 : 0]
        case .presents: Array(plan.settings.presents.rawValue.utf8)
        case .serverName: expectation.serverName.map { Array($0.description.utf8) }
        case .serverNameIndication: sentServerName.map { Array($0.utf8) }
        case .revocation: revocation.digest
        case .identitiesByName, .hosts, .defaultPolicyMayBeWeaker, .strictSNI, .clientAuth, .clientCAs,
            .acceptableCANames:
            nil
        }
    }
}

extension RevocationSnapshot {
    fileprivate var digest: [UInt8] {
        Array("\(scope)".utf8) + (scope == .off ? [] : set.digest)
    }
}
