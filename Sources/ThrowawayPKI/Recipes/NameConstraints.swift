/// The names that a CA may or may not certify (RFC 5280 section 4.2.1.10); always critical.
package struct NameConstraints: Sendable, Hashable {
    /// Subtrees of each kind of name.
    package struct Subtrees: Sendable, Hashable {
        /// A domain and everything below it.
        package var dnsNames: [String]
        /// A mailbox, a host, or with a leading dot a domain.
        package var emailAddresses: [String]
        /// Ranges in CIDR form, for example `10.0.0.0/8`.
        package var ipRanges: [String]
        /// A host, or with a leading dot a domain.
        package var uriHosts: [String]
        /// Directory names that consist of an organisation alone.
        package var organizations: [String]

        package init(
            dnsNames: [String] = [],
            emailAddresses: [String] = [],
            ipRanges: [String] = [],
            uriHosts: [String] = [],
            organizations: [String] = []
        ) {
            self.dnsNames = dnsNames
            self.emailAddresses = emailAddresses
            self.ipRanges = ipRanges
            self.uriHosts = uriHosts
            self.organizations = organizations
        }

        package var isEmpty: Bool {
            dnsNames.isEmpty && emailAddresses.isEmpty && ipRanges.isEmpty && uriHosts.isEmpty
                && organizations.isEmpty
        }
    }

    package var permitted: Subtrees
    package var excluded: Subtrees

    package init(permitted: Subtrees = Subtrees(), excluded: Subtrees = Subtrees()) {
        self.permitted = permitted
        self.excluded = excluded
    }
}
