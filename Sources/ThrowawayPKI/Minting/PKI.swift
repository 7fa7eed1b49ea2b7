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
