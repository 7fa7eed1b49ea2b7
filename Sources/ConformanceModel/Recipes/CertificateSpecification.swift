/// One certificate of a scenario's `pki` section, as facts that the oracle reasons about and that a PKI is minted from.
package struct CertificateSpecification: Hashable, Codable, Sendable {
    /// The entry's name in the scenario.
    package var name: String
    /// The entry that signs it; nil for a self-signed certificate.
    package var issuer: String?
    /// basicConstraints cA.
    package var isCA = false
    /// The subject's common name; the entry's name by default. An empty string leaves it out.
    package var commonName: String?
    package var organization: String?
    package var key = KeySpecification.p256
    /// Another entry whose key this one shares (cross-signing).
    package var keyOf: String?
    /// 3, or 1 for a certificate without any extension.
    package var version = 3
    /// Start of validity in seconds relative to the case's now.
    package var validFrom: Int64 = -3600
    /// End of validity in seconds relative to the case's now.
    package var validTo: Int64 = 86400
    package var dnsNames: [String] = []
    package var ipAddresses: [String] = []
    package var uris: [String] = []
    package var emailAddresses: [String] = []
    /// Names (`serverAuth`, `clientAuth`, `any`, …) or dotted OIDs; nil leaves the extension out.
    package var extendedKeyUsages: [String]?
    /// RFC 5280 names (`digitalSignature`, …); nil takes the default of the kind, an empty list leaves the extension out.
    package var keyUsages: [String]?
    package var pathLength: Int?
    package var nameConstraints: NameConstraintsSpecification?
    package var hasUnknownCriticalExtension = false
    /// Whether version 3 has the basicConstraints extension.
    package var hasBasicConstraints = true
    /// Whether another key than its issuer's has signed it, which its names and key identifiers don't show.
    package var isForged = false
    /// Another entry whose subject this one bears, octet for octet: an impostor.
    package var subjectOf: String?
    /// The serial number, big-endian; nil for one that is derived from the seed.
    package var serial: [UInt8]?
    /// Another entry whose serial number this one bears.
    package var serialOf: String?
    /// Another entry whose subject key identifier this one claims; what it issues names it by that.
    package var keyIdentifierOf: String?
    /// The fault of the issuer's signature; nil for a sound one.
    package var signature: SignatureFault?
    /// The certificate that is used in place of a minted one; nil mints it.
    package var standIn: StandIn?

    package init(name: String, issuer: String? = nil) {
        self.name = name
        self.issuer = issuer
    }

    /// Whether its signature isn't one of its issuer's key.
    package var hasForgedSignature: Bool { isForged || signature?.isForged == true }
}

/// A signature of an issuer that a verifier must not take.
package enum SignatureFault: String, Hashable, CaseIterable, Codable, Sendable {
    /// The issuer's, with a bit of it turned.
    case corrupt
    /// An ECDSA signature whose two numbers are zero (CVE-2022-21449).
    case zero
    /// Over a digest that finds collisions in practice.
    case md5
    case sha1

    /// Whether anybody with the issuer's name could have made it.
    package var isForged: Bool { self == .corrupt || self == .zero }
}

/// A certificate from outside of a case that takes the place of an entry.
package enum StandIn: Hashable, Codable, Sendable {
    /// The test authority that a live peer trusts, with its key: what the case has below it is issued by that.
    case issuer
    /// One of the certificates that a live server is verified with, by its place among them.
    case serverRoot(Int)
}

extension CertificateSpecification {
    /// The entries without which this one can't be minted.
    package var references: [String] {
        [issuer, keyOf, subjectOf, serialOf, keyIdentifierOf].compactMap(\.self)
    }

    /// Whether it bears something of another entry that tells certificates apart.
    package var borrowsIdentity: Bool { subjectOf != nil || serialOf != nil || keyIdentifierOf != nil }
}

/// The key types that a recipe may ask for.
package enum KeySpecification: String, Hashable, CaseIterable, Codable, Sendable {
    case p256
    case p384
    case p521
    case ed25519
    case rsa1024
    case rsa2048
    case rsa3072
    /// A 2048-bit key restricted to RSASSA-PSS (RFC 4055).
    case rsaPSS = "rsa-pss"
}

/// The name constraints of a CA (RFC 5280 section 4.2.1.10).
package struct NameConstraintsSpecification: Hashable, Codable, Sendable {
    package var permittedDNS: [String] = []
    package var excludedDNS: [String] = []
    package var permittedEmail: [String] = []
    package var excludedEmail: [String] = []
    package var permittedIP: [String] = []
    package var excludedIP: [String] = []
    package var permittedURI: [String] = []
    package var excludedURI: [String] = []
    /// Organisations, each as the directory name that consists of it alone.
    package var permittedDirectory: [String] = []
    package var excludedDirectory: [String] = []

    package init() {}
}

/// One certificate revocation list of a scenario's `crls` section.
package struct RevocationListSpecification: Hashable, Codable, Sendable {
    package var name: String
    package var issuer: String
    package var revokes: [String] = []
    /// thisUpdate in seconds relative to the case's now.
    package var thisUpdate: Int64 = -3600
    /// nextUpdate in seconds relative to the case's now; in the past for a stale list.
    package var nextUpdate: Int64 = 86400

    package init(name: String, issuer: String) {
        self.name = name
        self.issuer = issuer
    }
}

/// The credential of one side: a leaf, the certificates sent with it, and the key that it signs with.
package struct CredentialSpecification: Hashable, Codable, Sendable {
    package var name: String
    /// The `pki` entry that is the leaf.
    package var certificate: String
    /// The `pki` entries that are sent after the leaf, in order.
    package var chain: [String] = []
    /// Another entry whose key signs instead of the leaf's own: a mismatched credential.
    package var keyOf: String?
    /// Whether the CertificateVerify signature is broken on purpose.
    package var corruptsSignature = false

    package init(name: String, certificate: String, chain: [String] = []) {
        self.name = name
        self.certificate = certificate
        self.chain = chain
    }

    /// Whether the key that signs is the one in the leaf.
    package var hasMatchingKey: Bool { keyOf == nil }
}

/// All that is minted for a case.
package struct PKISpecification: Hashable, Codable, Sendable {
    package var certificates: [String: CertificateSpecification]
    package var revocationLists: [String: RevocationListSpecification]
    package var credentials: [String: CredentialSpecification]

    package init(
        certificates: [String: CertificateSpecification] = [:],
        revocationLists: [String: RevocationListSpecification] = [:],
        credentials: [String: CredentialSpecification] = [:]
    ) {
        self.certificates = certificates
        self.revocationLists = revocationLists
        self.credentials = credentials
    }
}
