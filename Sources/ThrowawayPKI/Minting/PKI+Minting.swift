internal import OpenSSLMinting

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
