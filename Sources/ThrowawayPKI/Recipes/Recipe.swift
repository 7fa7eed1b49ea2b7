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

/// One certificate and its key.
///
/// The defaults make an ordinary certificate of today; whatever a test is about is the only thing it has to say.
package struct CertificateRecipe: Sendable, Hashable {
    /// The entry's name in the recipe.
    package var name: String
    /// The entry that signs this one, or nil for a self-signed certificate. It need not be a CA: that is a test too.
    package var issuer: String?
    /// The cA field of basicConstraints (RFC 5280 section 4.2.1.9).
    package var isCA: Bool
    /// The name in the certificate; by default its common name is the entry's name.
    package var subject: Subject
    package var key: KeyType
    /// Another entry whose key is used instead of a key of its own (cross-signing, a renewal with the same key);
    /// `key` then has no meaning.
    package var keyOf: String?
    /// 3, or 1 for a certificate without any extension.
    package var version: Int
    /// Seconds relative to now.
    package var validFrom: Int64
    /// Seconds relative to now, later than `validFrom`.
    package var validTo: Int64
    package var dnsNames: [String]
    /// IPv4 or IPv6 addresses as text.
    package var ipAddresses: [String]
    package var uris: [String]
    package var emailAddresses: [String]
    /// `serverAuth`, `clientAuth`, `any` and so on, or dotted object identifiers; nil or empty leaves the extension
    /// out.
    package var extendedKeyUsages: [String]?
    /// The names of RFC 5280 section 4.2.1.3. Nil means keyCertSign and cRLSign for a CA and digitalSignature for
    /// others; empty leaves the extension out.
    package var keyUsages: [String]?
    /// The pathLenConstraint of a CA: how many intermediates may follow it.
    package var pathLength: Int?
    /// The names that a CA may certify.
    package var nameConstraints: NameConstraints?
    /// Adds a critical extension that no verifier knows.
    package var hasUnknownCriticalExtension: Bool
    /// Whether version 3 has basicConstraints; without them not even a CA's key usage makes it one.
    package var hasBasicConstraints: Bool
    /// Whether another key than the issuer's signs it, while its names and key identifiers are the issuer's.
    package var isForged: Bool
    /// A positive big-endian number of at most 20 octets; nil derives one from the seed and the entry's name.
    package var serial: [UInt8]?
    /// The digest of the issuer's signature; an Ed25519 issuer has its own.
    package var signatureDigest: SignatureDigest
    /// The change of the signature after it was made.
    package var signatureFault: SignatureFault?
    /// Another entry whose subject, serial number or subject key identifier this one bears. It does not borrow in turn.
    package var subjectOf: String?
    package var serialOf: String?
    package var keyIdentifierOf: String?

    package enum SignatureFault: Sendable, Hashable {
        /// Its last bit is turned.
        case corrupt
        /// It is an ECDSA signature of two zeros.
        case zero
    }

    package init(
        name: String,
        issuer: String? = nil,
        isCA: Bool = false,
        subject: Subject? = nil,
        key: KeyType = .p256,
        keyOf: String? = nil,
        version: Int = 3,
        validFrom: Int64 = -3_600,
        validTo: Int64 = 86_400,
        dnsNames: [String] = [],
        ipAddresses: [String] = [],
        uris: [String] = [],
        emailAddresses: [String] = [],
        extendedKeyUsages: [String]? = nil,
        keyUsages: [String]? = nil,
        pathLength: Int? = nil,
        nameConstraints: NameConstraints? = nil,
        hasUnknownCriticalExtension: Bool = false,
        hasBasicConstraints: Bool = true,
        isForged: Bool = false,
        serial: [UInt8]? = nil,
        signatureDigest: SignatureDigest = .sha256,
        signatureFault: SignatureFault? = nil,
        subjectOf: String? = nil,
        serialOf: String? = nil,
        keyIdentifierOf: String? = nil
    ) {
        self.name = name
        self.issuer = issuer
        self.isCA = isCA
        self.subject = subject ?? Subject(commonName: name)
        self.key = key
        self.keyOf = keyOf
        self.version = version
        self.validFrom = validFrom
        self.validTo = validTo
        self.dnsNames = dnsNames
        self.ipAddresses = ipAddresses
        self.uris = uris
        self.emailAddresses = emailAddresses
        self.extendedKeyUsages = extendedKeyUsages
        self.keyUsages = keyUsages
        self.pathLength = pathLength
        self.nameConstraints = nameConstraints
        self.hasUnknownCriticalExtension = hasUnknownCriticalExtension
        self.hasBasicConstraints = hasBasicConstraints
        self.isForged = isForged
        self.serial = serial
        self.signatureDigest = signatureDigest
        self.signatureFault = signatureFault
        self.subjectOf = subjectOf
        self.serialOf = serialOf
        self.keyIdentifierOf = keyIdentifierOf
    }
}

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
