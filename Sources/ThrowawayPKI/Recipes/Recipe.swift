/// A whole throwaway PKI as a value: what to mint, not yet minted.
package struct Recipe: Sendable, Hashable {
    /// The entries, in any order; names are unique.
    package var certificates: [CertificateRecipe]
    /// The revocation lists, in any order; names are unique among them.
    package var revocationLists: [CRLRecipe]

    package init(certificates: [CertificateRecipe] = [], revocationLists: [CRLRecipe] = []) {
        self.certificates = certificates
        self.revocationLists = revocationLists
    }
}
