/// A server's settings, loaded: what its sessions choose from until the next update.
final class ServerGeneration {
    let settings: GnuTLSServerSettings
    /// Taken if no other identity is chosen by name.
    let standard: Snapshot
    private let byName: [String: Snapshot]

    init(_ settings: GnuTLSServerSettings) throws(GnuTLSError) {
        self.settings = settings
        let trust = try Self.trust(settings)
        standard = try Self.snapshot(settings.identity, trust, settings)
        var byName: [String: Snapshot] = [:]
        for (name, credential) in settings.identitiesByName {
            byName[Self.folded(name)] = try Self.snapshot(credential, trust, settings)
        }
        self.byName = byName
    }

    /// The settings that a session takes for an SNI, or nil if it is unknown and names are strict.
    func snapshot(forName name: String?) -> Snapshot? {
        guard let name else { return standard }
        let folded = Self.folded(name)
        if let exact = byName[folded] { return exact }
        if let dot = folded.firstIndex(of: "."), let wildcard = byName["*" + folded[dot...]] { return wildcard }
        return settings.strictSNI ? nil : standard
    }

    private static func snapshot(
        _ identity: GnuTLSCredential?,
        _ trust: CertificateCredentials?,
        _ settings: GnuTLSServerSettings
    ) throws(GnuTLSError) -> Snapshot {
        let credentials =
            switch settings.caNames {
            case .derived, .none:
                try CertificateCredentials(identity: identity, anchors: settings.clientCAs, crls: settings.usedCRLs)
            case .list(let certificates):
                try CertificateCredentials(identity: identity, anchors: certificates, crls: [])
            }
        return Snapshot(credentials: credentials, trust: trust ?? credentials)
    }

    /// Trust for the verify function where the names on the wire are not the trust anchors; nil where they are.
    private static func trust(_ settings: GnuTLSServerSettings) throws(GnuTLSError) -> CertificateCredentials? {
        guard case .list = settings.caNames else { return nil }
        return try CertificateCredentials(identity: nil, anchors: settings.clientCAs, crls: settings.usedCRLs)
    }

    /// DNS names compare without regard to ASCII case (RFC 4343) and to the dot that makes a name absolute; other
    /// characters stay.
    private static func folded(_ name: String) -> String {
        let bytes = name.utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        return String(decoding: bytes.last == 0x2E ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}

extension GnuTLSServerSettings {
    fileprivate var usedCRLs: [[UInt8]] { revocation == .off ? [] : crls }
}
