/// Finds the identity for a server name: exact, then a wildcard of one label, then the default one.
struct IdentitySelector: Sendable {
    let defaultIdentity: any IdentityProvider
    private let byName: [String: any IdentityProvider]
    private let isStrict: Bool
    private let decisions: Decisions

    init(
        _ settings: MutualTLSConfiguration.Server,
        defaultIdentity: any IdentityProvider
    ) throws(MutualTLSError) {
        self.defaultIdentity = defaultIdentity
        isStrict = settings.strictSNI
        decisions = settings.decisions
        var folded: [String: any IdentityProvider] = [:]
        for (name, identity) in settings.identitiesByName {
            let key = try IdentitySelector.key(name, of: "identitiesByName")
            guard folded.updateValue(identity, forKey: key) == nil else {
                throw MutualTLSError(
                    .conflictingSettings,
                    "identitiesByName has two identities for \"\(key)\", in different letter case. Keep one."
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
        guard let provider = namedProvider(for: serverName) else {
            let identity = read(defaultIdentity)
            return isKnown(serverName, to: identity) ? identity : nil
        }
        return read(provider)
    }

    private func namedProvider(for serverName: String?) -> (any IdentityProvider)? {
        guard let name = decisions.nameToLookUp(serverName) else { return nil }
        return byName[name] ?? IdentitySelector.wildcard(for: name).flatMap { byName[$0] }
    }

    /// Whether the default identity may answer to a name that no other identity has.
    private func isKnown(_ serverName: String?, to identity: Identity) -> Bool {
        guard isStrict, let name = serverName?.lowercased() else { return true }
        let known = identity.certificate.dnsNames.map { $0.lowercased() }
        return known.contains(name) || IdentitySelector.wildcard(for: name).map(known.contains) ?? false
    }

    /// A name as it is looked up: ASCII letters folded, and without the dot that makes it absolute.
    static func folded(_ name: String) -> String {
        let bytes = name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return String(decoding: bytes.last == 0x2E ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }

    /// The pattern whose asterisk stands for the first label, or nil for a name of one label.
    static func wildcard(for name: String) -> String? {
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return nil }
        return "*" + name[dot...]
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
