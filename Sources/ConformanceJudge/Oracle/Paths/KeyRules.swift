internal import ConformanceModel

/// Key usage and key types, in a path and in the handshake that proves them.
///
/// Go checks neither for a path; what stacks do instead is theirs to say in a profile.
struct KeyRules {
    /// The side that is asked.
    var side: Side

    /// The objections that a verifier may have to the key of a leaf.
    func pathDefects(_ certificate: CertificateSpecification, ruling: inout Ruling) -> [Defect] {
        let agrees = certificate.keyUsages?.contains("keyAgreement") ?? false
        return [
            ruling.objection(
                .keyUsageUnchecked,
                .keyUsage,
                by: side,
                if: lacksSignature(certificate) && !agrees
            ),
            ruling.objection(.keyAgreementUnchecked, .keyUsage, by: side, if: lacksSignature(certificate) && agrees),
            ruling.objection(.keySizeUnchecked, .weakKey, by: side, if: certificate.key == .rsa1024),
        ].compactMap { $0 }
    }

    /// The objections that a verifier may have to the keys of the issuers.
    func authorityDefects(_ issuers: [CertificateSpecification], ruling: inout Ruling) -> [Defect] {
        [
            ruling.objection(
                .keyP521Authority,
                .unknownAuthority,
                by: side,
                if: issuers.contains { $0.key == .p521 }
            ),
            ruling.objection(
                .keyPSSAuthority,
                .unknownAuthority,
                by: side,
                if: issuers.contains { $0.key == .rsaPSS }
            ),
        ].compactMap { $0 }
    }

    /// The objections that a side may have to the key with which the other one has signed the handshake.
    func handshakeDefects(
        _ certificate: CertificateSpecification,
        chain: [CertificateSpecification],
        ruling: inout Ruling
    ) -> [Defect] {
        let constrains = ([certificate] + chain).contains { $0.nameConstraints != nil }
        let isRSA = [.rsa1024, .rsa2048, .rsa3072].contains(certificate.key) && certificate.version == 3
        let enciphers = certificate.keyUsages.map { $0.isEmpty || $0.contains("keyEncipherment") } ?? false
        return [
            ruling.objection(
                .certificateExtensionRead,
                .unknownCriticalExtension,
                by: side,
                if: certificate.hasUnknownCriticalExtension
            ),
            ruling.objection(.certificateConstraintsRead, .nameConstraint, by: side, if: constrains),
            ruling.objection(.keyUsageInHandshake, .keyUsage, by: side, if: lacksSignature(certificate)),
            ruling.objection(.keyP521Verified, .badSignature, by: side, if: certificate.key == .p521),
            ruling.objection(.keyEncipherment, .keyUsage, by: side, if: side == .client && isRSA && !enciphers),
        ].compactMap { $0 }
    }

    /// Why a side can't start with a credential; nil where it can.
    func loadingDefect(
        _ certificate: CertificateSpecification,
        chain: [CertificateSpecification],
        ruling: inout Ruling
    ) -> Defect? {
        let constrains = ([certificate] + chain).contains { $0.nameConstraints != nil }
        return ruling.objection(.keySizeLoaded, .weakKey, by: side, if: certificate.key == .rsa1024)
            ?? ruling.objection(.keyP521Loaded, .weakKey, by: side, if: certificate.key == .p521)
            ?? ruling.objection(.keyPSSLoaded, .weakKey, by: side, if: certificate.key == .rsaPSS)
            ?? ruling.objection(.keyUsageLoaded, .keyUsage, by: side, if: lacksSignature(certificate))
            ?? ruling.objection(
                .certificateExtensionLoaded,
                .unknownCriticalExtension,
                by: side,
                if: certificate.hasUnknownCriticalExtension
            )
            ?? ruling.objection(.certificateConstraintsLoaded, .nameConstraint, by: side, if: constrains)
    }

    /// Why a side doesn't sign with its own key; nil where it does.
    func signingDefect(_ certificate: CertificateSpecification, ruling: inout Ruling) -> Defect? {
        ruling.objection(
            .keyUsageSigns,
            side == .server ? .protocol : .keyUsage,
            by: side,
            if: lacksSignature(certificate)
        )
    }

    /// Whether a side lets the other one sign with such a key.
    func asks(
        for certificate: CertificateSpecification,
        beside own: CertificateSpecification?,
        ruling: inout Ruling
    )
        -> Bool
    {
        let isOther = own.map { isRSA($0) != isRSA(certificate) } ?? false
        if certificate.key == .p521, !ruling.holds(.keyP521Asked, by: side) { return false }
        if certificate.key == .rsaPSS, !ruling.holds(.keyPSSAsked, by: side) { return false }
        return side == .client || !isOther || ruling.holds(.keyOtherTypeAsked, by: side)
    }

    func lacksSignature(_ certificate: CertificateSpecification) -> Bool {
        certificate.version == 3
            && certificate.keyUsages.map { !$0.isEmpty && !$0.contains("digitalSignature") } ?? false
    }

    private func isRSA(_ certificate: CertificateSpecification) -> Bool {
        switch certificate.key {
        case .rsa1024, .rsa2048, .rsa3072, .rsaPSS: true
        case .p256, .p384, .p521, .ed25519: false
        }
    }
}

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
