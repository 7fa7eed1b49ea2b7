internal import OpenSSL

extension Certificate {
    /// The SPIFFE ID of an X509-SVID, for example `spiffe://example.test/billing`, or nil for a certificate that is none.
    ///
    /// The standard asks for a leaf with exactly one URI among its names, which is a SPIFFE ID, and without the power to
    /// sign certificates or revocation lists (X509-SVID sections 2, 4 and 5.2). A certificate that breaks any of it has
    /// no SPIFFE ID, whatever stands in its names.
    public var spiffeID: String? {
        claimsSPIFFEID && spiffeDefect == nil ? uris.first : nil
    }

    /// Why a certificate that means to have a SPIFFE ID has none, in words that follow "it"; nil for an X509-SVID, and for
    /// a certificate that means nothing of the kind.
    package var spiffeDefect: String? {
        guard claimsSPIFFEID else { return nil }
        let names = x509.alternativeNames
        guard names.uriCount == 1, let uri = names.uris.first else {
            return "has \(names.uriCount) URIs, where an X509-SVID has exactly one"
        }
        if names.hasMalformedName { return "has a name with bytes outside ASCII" }
        if !Certificate.isSPIFFEID(uri) { return "has the URI \(EscapedText(uri)), which is no SPIFFE ID" }
        if x509.isCertificateAuthority { return "is a certificate authority, and an X509-SVID of a workload is none" }
        if let usage = x509.keyUsage, !usage.isDisjoint(with: [.keyCertSign, .cRLSign]) {
            return "may sign certificates or revocation lists, which an X509-SVID of a workload must not"
        }
        return nil
    }

    /// Whether one of its URIs means to be a SPIFFE ID, rightly or not.
    package var claimsSPIFFEID: Bool {
        x509.alternativeNames.uris.contains {
            DNSNameKey($0.prefix(Certificate.spiffeScheme.count)).bytes.elementsEqual(Certificate.spiffeScheme.utf8)
        }
    }

    private static let spiffeScheme = "spiffe://"

    /// The syntax of SPIFFE-ID sections 2.1 to 2.3.
    private static func isSPIFFEID(_ uri: String) -> Bool {
        guard uri.utf8.starts(with: spiffeScheme.utf8), uri.utf8.count <= 2_048 else { return false }
        let parts = uri.utf8.dropFirst(spiffeScheme.utf8.count).split(separator: 0x2F, omittingEmptySubsequences: false)
        guard let domain = parts.first, !domain.isEmpty, domain.count <= 255, domain.allSatisfy(isOfTrustDomain) else {
            return false
        }
        return parts.dropFirst().allSatisfy { segment in
            !segment.isEmpty && !segment.elementsEqual(".".utf8) && !segment.elementsEqual("..".utf8)
                && segment.allSatisfy { isOfTrustDomain($0) || (0x41...0x5A).contains($0) }
        }
    }

    private static func isOfTrustDomain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
