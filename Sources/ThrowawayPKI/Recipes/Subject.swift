/// The subject of a certificate; an attribute that is nil is left out, and a subject with none is empty.
package struct Subject: Sendable, Hashable {
    /// At most 64 characters (ub-common-name, RFC 5280 appendix A.1).
    package var commonName: String?
    /// At most 64 characters (ub-organization-name).
    package var organization: String?

    package init(commonName: String? = nil, organization: String? = nil) {
        self.commonName = commonName
        self.organization = organization
    }
}
