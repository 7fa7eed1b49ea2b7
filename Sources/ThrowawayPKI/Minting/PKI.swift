internal import OpenSSLMinting

/// A minted recipe.
package struct PKI: Sendable {
    /// The names of the minted entries, each after its issuer.
    package let names: [String]
    /// The names of the minted revocation lists, in the order of the recipe.
    package let revocationListNames: [String]

    private let entities: [String: PKIEntity]
    private let revocationLists: [String: [UInt8]]
    private let namesByFingerprint: [[UInt8]: String]

    init(entities: [PKIEntity], revocationLists: [(name: String, der: [UInt8])]) {
        names = entities.map(\.name)
        revocationListNames = revocationLists.map(\.name)
        self.entities = Dictionary(uniqueKeysWithValues: entities.map { ($0.name, $0) })
        self.revocationLists = Dictionary(uniqueKeysWithValues: revocationLists.map { ($0.name, $0.der) })
        // Two entries have one fingerprint only when their recipes say the same to the last octet.
        namesByFingerprint = Dictionary(entities.map { ($0.sha256, $0.name) }) { first, _ in first }
    }

    /// The entry of this name, or nil when the recipe has none or it was not minted.
    package subscript(_ name: String) -> PKIEntity? { entities[name] }

    /// The entry of this name, or nil when the recipe has none or it was not minted.
    package func entity(_ name: String) -> PKIEntity? { entities[name] }

    /// The revocation list of this name in DER.
    package func crl(_ name: String) -> [UInt8]? { revocationLists[name] }

    /// The entries that signed this one, nearest first, up to and including the root; empty for a root.
    package func issuers(of name: String) -> [PKIEntity] {
        var issuers: [PKIEntity] = []
        var current = entities[name]
        while let issuer = current?.issuerName.flatMap({ entities[$0] }) {
            issuers.append(issuer)
            current = issuer
        }
        return issuers
    }

    /// The entry and its issuers without the self-signed root: what a server or a client usually presents.
    package func chain(of name: String) -> [PKIEntity] {
        guard let entity = entities[name] else { return [] }
        return [entity] + issuers(of: name).filter { $0.issuerName != nil }
    }

    /// The entry whose certificate has this SHA-256 fingerprint.
    package func name(ofSHA256 fingerprint: [UInt8]) -> String? { namesByFingerprint[fingerprint] }
}

extension PKI {
    /// Makes the keys, certificates and revocation lists of a recipe.
    ///
    /// Subjects, serial numbers and times depend on the arguments alone; keys, and signatures with them, are new each
    /// time.
    ///
    /// - Parameters:
    ///   - recipe: What to mint.
    ///   - now: The moment that validity is relative to, in seconds since the epoch.
    ///   - seed: What serial numbers are derived from.
    ///   - keys: Where RSA keys come from; EC and Ed25519 keys are always fresh.
    ///   - only: The entries and revocation lists to mint, with all their issuers; nil mints everything. A revocation
    ///     list is minted whenever its issuer is.
    ///   - adopted: authorities that take the place of these entries; serial numbers and subjects are then theirs.
    /// - Throws: What is wrong with the recipe, even in a part that is not minted.
    package static func mint(
        _ recipe: Recipe,
        now: Int64,
        seed: UInt64,
        keys: KeyPool,
        only: Set<String>? = nil,
        adopting adopted: [String: AdoptedAuthority] = [:]
    ) throws(PKIError) -> PKI {
        let resolved = try ResolvedRecipe(recipe, now: now, seed: seed)
        let order = try resolved.mintingOrder(only: only)
        var minter = Minter(resolved: resolved, pool: keys, adopted: adopted)
        var entities: [PKIEntity] = []
        entities.reserveCapacity(order.count)
        for index in order {
            entities.append(try minter.mint(entry: index))
        }
        let minted = Set(order)
        var lists: [(name: String, der: [UInt8])] = []
        for list in resolved.revocationLists where minted.contains(list.issuer) {
            lists.append((list.recipe.name, try minter.mint(list: list)))
        }
        return PKI(entities: entities, revocationLists: lists)
    }

    /// The entry whose certificate this is.
    package func name(ofDER der: [UInt8]) -> String? {
        guard let fingerprint = try? MessageDigest.sha256.digest(of: der) else { return nil }
        return name(ofSHA256: fingerprint)
    }

    /// The revocation list of this name with PEM boundaries (RFC 7468).
    package func crlPEM(_ name: String) -> String? {
        guard let der = crl(name) else { return nil }
        return try? PEMDocument.encode(der, as: .revocationList)
    }
}
