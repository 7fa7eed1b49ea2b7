/// The names in a recipe, turned into indices.
struct RecipeReferences {
    let indices: [String: Int]
    /// For each entry the entry that signs it, or nil for itself.
    let issuers: [Int?]
    /// For each entry the entry that owns its key.
    let keyOwners: [Int]

    private let names: [String]

    init(_ recipe: Recipe) throws(PKIError) {
        let certificates = recipe.certificates
        let names = certificates.map(\.name)
        let indices = try Self.index(names, kind: "certificate")
        _ = try Self.index(recipe.revocationLists.map(\.name), kind: "revocation list")

        var issuers: [Int?] = []
        var keySources: [Int?] = []
        for entry in certificates {
            if let issuer = entry.issuer, indices[issuer] == nil {
                throw Self.unknown(.unknownIssuer, issuer, "issuer", entry: entry.name, among: names)
            }
            if let owner = entry.keyOf, indices[owner] == nil {
                throw Self.unknown(.unknownKeyOwner, owner, "keyOf", entry: entry.name, among: names)
            }
            issuers.append(entry.issuer.flatMap { indices[$0] })
            keySources.append(entry.keyOf.flatMap { indices[$0] })
        }
        self.names = names
        self.indices = indices
        self.issuers = issuers
        let issuerCycle = { (path: [String]) in
            PKIError(
                .issuerCycle,
                entry: path[0],
                expected: "a chain of issuers that ends at a self-signed entry",
                found: "the cycle \(path.joined(separator: " → "))",
                nextStep: "leave out the issuer of the entry that is to be the root"
            )
        }
        for index in certificates.indices {
            _ = try Self.end(of: index, following: issuers, names: names, cycle: issuerCycle)
        }
        let keyOwnerCycle = { (path: [String]) in
            PKIError(
                .keyOwnerCycle,
                entry: path[0],
                expected: "keyOf to lead to an entry with a key of its own",
                found: "the cycle \(path.joined(separator: " → "))",
                nextStep: "leave out keyOf at the entry that is to own the key"
            )
        }
        var keyOwners: [Int] = []
        for index in certificates.indices {
            keyOwners.append(try Self.end(of: index, following: keySources, names: names, cycle: keyOwnerCycle))
        }
        self.keyOwners = keyOwners
    }

    func index(ofIssuer name: String, of list: CRLRecipe) throws(PKIError) -> Int {
        guard let index = indices[name] else {
            throw Self.unknown(.unknownIssuer, name, "issuer", entry: list.name, among: names)
        }
        return index
    }

    /// The entry that another one bears something of; nil for a name that is nil.
    func index(ofTwin name: String?, _ field: String, of entry: String) throws(PKIError) -> Int? {
        guard let name else { return nil }
        guard let index = indices[name] else {
            throw Self.unknown(.unknownEntry, name, field, entry: entry, among: names)
        }
        return index
    }

    /// The entry whose subject a certificate bears.
    func named(_ certificate: CertificateRecipe, among all: [CertificateRecipe]) -> CertificateRecipe {
        certificate.subjectOf.flatMap { indices[$0] }.map { all[$0] } ?? certificate
    }

    func index(ofEntry name: String, in list: CRLRecipe) throws(PKIError) -> Int {
        guard let index = indices[name] else {
            throw Self.unknown(.unknownEntry, name, "every name", entry: list.name, among: names)
        }
        return index
    }

    private static func index(_ names: [String], kind: String) throws(PKIError) -> [String: Int] {
        var indices: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            guard indices.updateValue(index, forKey: name) == nil else {
                throw PKIError(
                    .duplicateName,
                    entry: name,
                    expected: "one \(kind) of each name",
                    found: "two",
                    nextStep: "rename one of them; two subjects may still be equal"
                )
            }
        }
        return indices
    }

    private static func unknown(
        _ code: PKIError.Code,
        _ name: String,
        _ field: String,
        entry: String,
        among names: [String]
    ) -> PKIError {
        PKIError(
            code,
            entry: entry,
            expected: "\(field) to name an entry of the recipe",
            found: "“\(name)”",
            nextStep: KnownNames.hint(names.filter { $0 != entry })
        )
    }

    /// Follows the links from `start` to the entry that has none.
    private static func end(
        of start: Int,
        following links: [Int?],
        names: [String],
        cycle: ([String]) -> PKIError
    ) throws(PKIError) -> Int {
        var current = start
        var path = [start]
        while let next = links[current] {
            if let first = path.firstIndex(of: next) {
                throw cycle((path[first...] + [next]).map { names[$0] })
            }
            path.append(next)
            current = next
        }
        return current
    }
}
