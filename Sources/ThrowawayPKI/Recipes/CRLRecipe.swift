/// One certificate revocation list (RFC 5280 section 5).
package struct CRLRecipe: Sendable, Hashable {
    /// The list's name in the recipe.
    package var name: String
    /// The entry whose subject is the issuer of the list.
    package var issuer: String
    /// The entries whose serial numbers are listed.
    package var revokes: [String]
    /// Seconds relative to now.
    package var thisUpdate: Int64
    /// Seconds relative to now, later than `thisUpdate`; in the past for a stale list.
    package var nextUpdate: Int64
    /// The entry whose key signs in the issuer's place: a forged list.
    package var signedBy: String?

    package init(
        name: String,
        issuer: String,
        revokes: [String] = [],
        thisUpdate: Int64 = -3_600,
        nextUpdate: Int64 = 86_400,
        signedBy: String? = nil
    ) {
        self.name = name
        self.issuer = issuer
        self.revokes = revokes
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.signedBy = signedBy
    }
}
