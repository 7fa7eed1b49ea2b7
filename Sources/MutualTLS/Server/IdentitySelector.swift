/// Finds the identity for a server name: exact, then a wildcard of one label, then the default one.
struct IdentitySelector: Sendable {
    private let defaultIdentity: any IdentityProvider
    private let byName: [DNSNameKey: any IdentityProvider]
    private let isStrict: Bool
    private let mutant: LibraryMutant?

    init(
        defaultIdentity: any IdentityProvider,
        byName: [String: any IdentityProvider],
        isStrict: Bool,
        mutant: LibraryMutant?
    ) throws(MutualTLSError) {
        self.defaultIdentity = defaultIdentity
        self.isStrict = isStrict
        self.mutant = mutant
        var folded: [DNSNameKey: any IdentityProvider] = [:]
        for (name, identity) in byName {
            let key = try IdentitySelector.key(name)
            guard folded.updateValue(identity, forKey: DNSNameKey(key)) == nil else {
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

    /// Where the identity for a name comes from.
    func provider(for serverName: String?) -> any IdentityProvider {
        namedProvider(for: serverName) ?? defaultIdentity
    }

    private func namedProvider(for serverName: String?) -> (any IdentityProvider)? {
        guard let serverName, mutant != .ignoreSNI else { return nil }
        let name = mutant == .matchSNICaseSensitively ? DNSNameKey(verbatim: serverName) : DNSNameKey(serverName)
        return byName[name] ?? name.wildcard.flatMap { byName[$0] }
    }

    /// Whether the default identity may answer to a name that no other identity has.
    private func isKnown(_ serverName: String?, to identity: Identity) -> Bool {
        guard isStrict, mutant != .ignoreStrictSNI, let name = serverName.map({ DNSNameKey($0) }) else { return true }
        let known = identity.certificate.dnsNames.map { DNSNameKey($0) }
        return known.contains(name) || name.wildcard.map(known.contains) ?? false
    }

    private static func key(_ name: String) throws(MutualTLSError) -> String {
        let isWildcard = name.hasPrefix("*.")
        let parsed: ServerName
        do {
            parsed = try ServerName(isWildcard ? String(name.dropFirst(2)) : name)
        } catch {
            throw MutualTLSError(.invalidServerName, "In identitiesByName: \(error.message)", cause: error)
        }
        guard let host = parsed.sni else {
            throw MutualTLSError(
                .invalidServerName,
                "identitiesByName has the address \(parsed), and SNI never carries one (RFC 6066 section 3)."
            )
        }
        return isWildcard ? "*." + host : host
    }
}
