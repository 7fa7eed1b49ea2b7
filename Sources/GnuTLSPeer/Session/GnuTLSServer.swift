/// A GnuTLS server: settings, and the identities that its sessions choose from.
///
/// A session takes its credentials when its ClientHello is processed, and keeps them to its end: `update` between the
/// making of a session and its ClientHello takes effect, a later one does not. A credentials object holds one key with
/// its chain and is replaced as a whole, so no session mixes two generations.
package final class GnuTLSServer {
    let settings: GnuTLSServerSettings
    /// Trust for the verify function where the names on the wire are not the trust anchors; nil where they are.
    let trust: CertificateCredentials?
    private(set) var identity: CertificateCredentials
    private let identitiesByName: [String: CertificateCredentials]

    /// Loads the settings' certificates, keys and CRLs.
    package init(_ settings: GnuTLSServerSettings) throws(GnuTLSError) {
        self.settings = settings
        trust = try Self.trust(settings)
        identity = try Self.credentials(settings.identity, settings)
        var identitiesByName: [String: CertificateCredentials] = [:]
        for (name, credential) in settings.identitiesByName {
            identitiesByName[Self.folded(name)] = try Self.credentials(credential, settings)
        }
        self.identitiesByName = identitiesByName
    }

    /// Replaces the default identity for every ClientHello that comes later; upon an error the last good one stays.
    package func update(identity: GnuTLSCredential?) throws(GnuTLSError) {
        self.identity = try Self.credentials(identity, settings)
    }

    /// A session that waits for a ClientHello.
    package func makeSession() throws(GnuTLSError) -> GnuTLSSession {
        try GnuTLSSession(server: self)
    }

    /// The credentials for an SNI, or nil if it is unknown and names are strict.
    func credentials(forName name: String?) -> CertificateCredentials? {
        guard let name else { return identity }
        let folded = Self.folded(name)
        if let exact = identitiesByName[folded] { return exact }
        if let dot = folded.firstIndex(of: "."), let wildcard = identitiesByName["*" + folded[dot...]] {
            return wildcard
        }
        return settings.strictSNI ? nil : identity
    }

    private static func credentials(
        _ identity: GnuTLSCredential?,
        _ settings: GnuTLSServerSettings
    ) throws(GnuTLSError) -> CertificateCredentials {
        switch settings.caNames {
        case .derived, .none:
            try CertificateCredentials(identity: identity, anchors: settings.clientCAs, crls: settings.usedCRLs)
        case .list(let certificates):
            try CertificateCredentials(identity: identity, anchors: certificates, crls: [])
        }
    }

    private static func trust(_ settings: GnuTLSServerSettings) throws(GnuTLSError) -> CertificateCredentials? {
        guard case .list = settings.caNames else { return nil }
        return try CertificateCredentials(identity: nil, anchors: settings.clientCAs, crls: settings.usedCRLs)
    }

    /// DNS names compare without regard to ASCII case (RFC 4343); other characters stay.
    private static func folded(_ name: String) -> String {
        String(decoding: name.utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

extension GnuTLSServerSettings {
    var usedCRLs: [[UInt8]] { revocation == .off ? [] : crls }
}
