package import ConformanceModel
package import ThrowawayPKI

extension Recipe {
    /// The recipe of a scenario's `pki` section; entries in the order of their names.
    package init(_ specification: PKISpecification) {
        self.init(
            certificates: specification.certificates.values.sorted { $0.name < $1.name }.map(CertificateRecipe.init),
            revocationLists: specification.revocationLists.values.sorted { $0.name < $1.name }.map(CRLRecipe.init)
        )
    }
}

extension CertificateRecipe {
    init(_ specification: CertificateSpecification) {
        self.init(
            name: specification.name,
            issuer: specification.issuer,
            isCA: specification.isCA,
            subject: Subject(
                commonName: specification.mintedCommonName,
                organization: specification.organization
            ),
            key: KeyType(specification.key),
            keyOf: specification.keyOf,
            version: specification.version,
            validFrom: specification.validFrom,
            validTo: specification.validTo,
            dnsNames: specification.dnsNames,
            ipAddresses: specification.ipAddresses,
            uris: specification.uris,
            emailAddresses: specification.emailAddresses,
            extendedKeyUsages: specification.extendedKeyUsages,
            keyUsages: specification.keyUsages,
            pathLength: specification.pathLength,
            nameConstraints: specification.nameConstraints.map(NameConstraints.init),
            hasUnknownCriticalExtension: specification.hasUnknownCriticalExtension,
            hasBasicConstraints: specification.hasBasicConstraints,
            signatureDigest: SignatureDigest(specification.signature),
            signatureFault: specification.signature.flatMap(CertificateRecipe.SignatureFault.init),
            subjectOf: specification.subjectOf,
            serialOf: specification.serialOf,
            keyIdentifierOf: specification.keyIdentifierOf
        )
    }
}

extension SignatureDigest {
    init(_ fault: SignatureFault?) {
        self =
            switch fault {
            case .md5: .md5
            case .sha1: .sha1
            case .corrupt, .zero, nil: .sha256
            }
    }
}

extension CertificateRecipe.SignatureFault {
    init?(_ fault: SignatureFault) {
        switch fault {
        case .corrupt: self = .corrupt
        case .zero: self = .zero
        case .md5, .sha1: return nil
        }
    }
}

extension KeyType {
    init(_ specification: KeySpecification) {
        self =
            switch specification {
            case .p256: .p256
            case .p384: .p384
            case .p521: .p521
            case .ed25519: .ed25519
            case .rsa1024: .rsa1024
            case .rsa2048: .rsa2048
            case .rsa3072: .rsa3072
            case .rsaPSS: .rsaPSS2048
            }
    }
}

extension NameConstraints {
    init(_ specification: NameConstraintsSpecification) {
        self.init(
            permitted: Subtrees(
                dnsNames: specification.permittedDNS,
                emailAddresses: specification.permittedEmail,
                ipRanges: specification.permittedIP,
                uriHosts: specification.permittedURI,
                organizations: specification.permittedDirectory
            ),
            excluded: Subtrees(
                dnsNames: specification.excludedDNS,
                emailAddresses: specification.excludedEmail,
                ipRanges: specification.excludedIP,
                uriHosts: specification.excludedURI,
                organizations: specification.excludedDirectory
            )
        )
    }
}

extension CRLRecipe {
    init(_ specification: RevocationListSpecification) {
        self.init(
            name: specification.name,
            issuer: specification.issuer,
            revokes: specification.revokes,
            thisUpdate: specification.thisUpdate,
            nextUpdate: specification.nextUpdate
        )
    }
}
