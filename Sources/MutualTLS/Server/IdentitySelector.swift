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
