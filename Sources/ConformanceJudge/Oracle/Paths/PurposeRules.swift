internal import ConformanceModel

/// Extended key usage (RFC 5280 section 4.2.1.12), nested through the path as Go's `checkChainForKeyUsage` does.
struct PurposeRules {
    /// `serverAuth` or `clientAuth`.
    var purpose: String
    /// The side that verifies.
    var side: Side

    private static let objectIdentifiers = [
        "1.3.6.1.5.5.7.3.1": "serverAuth",
        "1.3.6.1.5.5.7.3.2": "clientAuth",
        "2.5.29.37.0": "any",
    ]

    func leafDefect(_ certificate: CertificateSpecification, ruling: inout Ruling) -> Defect? {
        guard let usages = usages(of: certificate) else {
            return ruling.objection(.purposeAbsent, .wrongPurpose, by: side)
        }
        if usages.contains(purpose) { return nil }
        if usages.contains("any") { return ruling.objection(.purposeAny, .wrongPurpose, by: side) }
        return ruling.defect(.purposeMismatch, .wrongPurpose, by: side)
    }

    func issuerDefect(_ issuers: [CertificateSpecification], ruling: inout Ruling) -> Defect? {
        let limits = issuers.contains { issuer in
            guard let usages = usages(of: issuer) else { return false }
            return !usages.contains(purpose) && !usages.contains("any")
        }
        let counts = issuers.contains { issuer in
            guard let usages = usages(of: issuer) else { return false }
            return !usages.contains(purpose) && usages.contains("any")
        }
        return ruling.defect(.purposeNested, .wrongPurpose, by: side, if: limits)
            ?? ruling.objection(.purposeAnyIssuer, .wrongPurpose, by: side, if: counts)
    }

    /// nil when the certificate has no such extension.
    private func usages(of certificate: CertificateSpecification) -> [String]? {
        guard certificate.version == 3 else { return nil }
        return certificate.extendedKeyUsages?.map { Self.objectIdentifiers[$0] ?? $0 }
    }
}
