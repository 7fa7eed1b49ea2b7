internal import OpenSSLMinting

/// A recipe that can be minted: every reference is an index, every word has been read.
struct ResolvedRecipe {
    /// Entries in the order of the recipe.
    let entries: [Entry]
    let revocationLists: [List]
    private let indices: [String: Int]

    struct Entry {
        let recipe: CertificateRecipe
        /// Nil for a self-signed entry.
        let issuer: Int?
        /// The entry whose key this is; its own index when the key is its own.
        let keyOwner: Int
        /// The index in the pool of the key that this entry owns.
        let poolIndex: Int
        /// The entries whose subject, serial number and key identifier this one bears; nil for its own.
        let subjectTwin: Int?
        let serialTwin: Int?
        let identifierTwin: Int?
        /// Everything but the key identifiers, which depend on keys.
        let template: CertificateTemplate
    }

    struct List {
        let recipe: CRLRecipe
        let issuer: Int
        let signer: Int
        let template: RevocationListTemplate
    }

    init(_ recipe: Recipe, now: Int64, seed: UInt64) throws(PKIError) {
        let references = try RecipeReferences(recipe)
        var pooled: [KeyType: Int] = [:]
        var entries: [Entry] = []
        entries.reserveCapacity(recipe.certificates.count)
        for (index, certificate) in recipe.certificates.enumerated() {
            let keyOwner = references.keyOwners[index]
            var poolIndex = 0
            if keyOwner == index {
                poolIndex = pooled[certificate.key, default: 0]
                pooled[certificate.key] = poolIndex + 1
            }
            let issuer = references.issuers[index]
            entries.append(
                Entry(
                    recipe: certificate,
                    issuer: issuer,
                    keyOwner: keyOwner,
                    poolIndex: poolIndex,
                    subjectTwin: try references.index(ofTwin: certificate.subjectOf, "subjectOf", of: certificate.name),
                    serialTwin: try references.index(ofTwin: certificate.serialOf, "serialOf", of: certificate.name),
                    identifierTwin: try references.index(
                        ofTwin: certificate.keyIdentifierOf,
                        "keyIdentifierOf",
                        of: certificate.name
                    ),
                    template: try CertificateTemplate(
                        of: certificate,
                        naming: references.named(certificate, among: recipe.certificates),
                        issuer: references.named(recipe.certificates[issuer ?? index], among: recipe.certificates),
                        now: now,
                        seed: seed
                    )
                )
            )
        }
        var lists: [List] = []
        for list in recipe.revocationLists {
            let issuer = try references.index(ofIssuer: list.issuer, of: list)
            let signer = try list.signedBy.map { (name) throws(PKIError) in
                try references.index(ofEntry: name, in: list)
            }
            var revoked: [[UInt8]] = []
            for name in list.revokes {
                let serial = entries[try references.index(ofEntry: name, in: list)].template.serial
                if !revoked.contains(serial) { revoked.append(serial) }
            }
            let period = try ValidityPeriod(of: list, now: now)
            lists.append(
                List(
                    recipe: list,
                    issuer: issuer,
                    signer: signer ?? issuer,
                    template: RevocationListTemplate(
                        issuer: entries[issuer].template.subject,
                        thisUpdate: period.start,
                        nextUpdate: period.end,
                        revokedSerials: revoked,
                        extensions: [.crlNumber(1)],
                        digest: .sha256
                    )
                )
            )
        }
        self.entries = entries
        self.revocationLists = lists
        self.indices = references.indices
    }

    /// The entries to mint, each after its issuer: the named ones with all their issuers, or all of them.
    func mintingOrder(only names: Set<String>?) throws(PKIError) -> [Int] {
        var wanted = Array(entries.indices)
        if let names {
            wanted = []
            for name in names.sorted() {
                if let index = indices[name] { wanted.append(index) }
                let lists = revocationLists.filter { $0.recipe.name == name }
                wanted += lists.map(\.issuer)
                guard indices[name] != nil || !lists.isEmpty else {
                    throw PKIError(
                        .unknownEntry,
                        entry: name,
                        expected: "a certificate or a revocation list of the recipe",
                        found: "no such name",
                        nextStep: KnownNames.hint(entries.map(\.recipe.name))
                    )
                }
            }
        }
        var order: [Int] = []
        var isOrdered = [Bool](repeating: false, count: entries.count)
        for index in wanted {
            var path: [Int] = []
            var current: Int? = index
            while let next = current, !isOrdered[next] {
                isOrdered[next] = true
                path.append(next)
                current = entries[next].issuer
            }
            order += path.reversed()
        }
        return order
    }
}
