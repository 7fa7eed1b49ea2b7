internal import GnuTLSPeer
package import ThrowawayPKI

/// Compares minted certificates with the recipe that they come from, field by field, through GnuTLS.
///
/// The meaning of a recipe is said here a second time and independently of the minting code.
package struct RecipeComparison {
    private let recipe: Recipe
    private let pki: PKI
    private let now: Int64

    package init(recipe: Recipe, pki: PKI, now: Int64) {
        self.recipe = recipe
        self.pki = pki
        self.now = now
    }

    /// One line for each difference; empty when all entries are as the recipe wants them.
    package func differences() throws -> [String] {
        var lines: [String] = []
        for wanted in recipe.certificates {
            guard let entity = pki[wanted.name] else {
                lines.append("\(wanted.name): not minted")
                continue
            }
            let found = try GnuTLSCertificateReader(entity.certificateDER)
            for (field, expected, actual) in try fields(of: wanted, found) where expected != actual {
                lines.append("\(wanted.name).\(field): expected \(expected), found \(actual)")
            }
        }
        for wanted in recipe.revocationLists {
            guard let der = pki.crl(wanted.name) else {
                lines.append("\(wanted.name): not minted")
                continue
            }
            let found = try GnuTLSCRLReader(der)
            for (field, expected, actual) in try fields(of: wanted, found) where expected != actual {
                lines.append("\(wanted.name).\(field): expected \(expected), found \(actual)")
            }
        }
        return lines
    }

    private func fields(of wanted: CRLRecipe, _ found: GnuTLSCRLReader) throws -> [Field] {
        let issuer = try certificate(of: wanted.issuer)
        let signer = try certificate(of: wanted.signedBy ?? wanted.issuer)
        let revoked = Set(wanted.revokes.map { pki[$0]?.serial ?? [] })
        return [
            ("issuer", issuer.subject, found.issuer),
            ("thisUpdate", "\(now + wanted.thisUpdate)", "\(found.thisUpdate)"),
            ("nextUpdate", "\(now + wanted.nextUpdate)", "\(found.nextUpdate ?? 0)"),
            ("revokes", "true", "\(revoked == Set(found.revokedSerials))"),
            ("signature", "true", "\(try found.isIssued(by: signer))"),
        ]
    }

    private typealias Field = (name: String, expected: String, actual: String)

    private func fields(of wanted: CertificateRecipe, _ found: GnuTLSCertificateReader) throws -> [Field] {
        let isModern = wanted.version == 3
        let signer = try certificate(of: wanted.issuer ?? wanted.name)
        var fields: [Field] = [
            ("version", "\(wanted.version)", "\(found.version)"),
            ("subject", try subject(of: wanted), found.subject),
            ("issuer", signer.subject, found.issuer),
            ("signature", "\(!wanted.isForged && wanted.signatureFault == nil)", "\(try found.isIssued(by: signer))"),
            ("validFrom", "\(now + wanted.validFrom)", "\(found.notBefore)"),
            ("validTo", "\(now + wanted.validTo)", "\(found.notAfter)"),
            ("key", publicKey(keyOwner(of: wanted).key), "\(found.publicKeyAlgorithm) \(found.publicKeyBits)"),
            ("isCA", "\(isModern && wanted.isCA && wanted.hasBasicConstraints)", "\(found.isCA)"),
            ("pathLength", "\(wanted.pathLength ?? -1)", "\(found.pathLength ?? -1)"),
            ("keyUsages", keyUsages(wanted), (found.keyUsage ?? []).joined(separator: " ")),
            ("extendedKeyUsages", purposes(wanted), found.extendedKeyUsage.joined(separator: " ")),
            ("dnsNames", "\(wanted.dnsNames)", "\(found.subjectAltNames.dns)"),
            ("ipAddresses", "\(wanted.ipAddresses)", "\(found.subjectAltNames.addresses)"),
            ("uris", "\(wanted.uris)", "\(found.subjectAltNames.uris)"),
            ("emailAddresses", "\(wanted.emailAddresses)", "\(found.subjectAltNames.emails)"),
            ("permitted", names(wanted.nameConstraints?.permitted), names(found.permittedNames)),
            ("excluded", names(wanted.nameConstraints?.excluded), names(found.excludedNames)),
            ("unknownExtension", "\(wanted.hasUnknownCriticalExtension)", "\(hasUnknownCriticalExtension(found))"),
        ]
        if let twin = wanted.serialOf {
            fields.append(("serial", "\(pki[twin]?.serial ?? [])", "\(found.serial)"))
        }
        if let serial = wanted.serial {
            fields.append(("serial", "\(serial)", "\(found.serial)"))
        }
        return fields
    }

    private func certificate(of name: String) throws -> GnuTLSCertificateReader {
        guard let entity = pki[name] else { throw UnknownEntry(name: name) }
        return try GnuTLSCertificateReader(entity.certificateDER)
    }

    /// The wanted subject, or that of the entry whose subject the certificate bears.
    private func subject(of wanted: CertificateRecipe) throws -> String {
        guard let bearer = wanted.subjectOf else { return name(wanted.subject) }
        guard let owner = recipe.certificates.first(where: { $0.name == bearer }) else {
            throw UnknownEntry(name: bearer)
        }
        return name(owner.subject)
    }

    private func keyOwner(of wanted: CertificateRecipe) -> CertificateRecipe {
        var owner = wanted
        while let next = recipe.certificates.first(where: { $0.name == owner.keyOf }) { owner = next }
        return owner
    }

    /// RFC 4514 puts the last attribute of the encoding first.
    private func name(_ subject: Subject) -> String {
        [("CN", subject.commonName), ("O", subject.organization)]
            .compactMap { type, value in value.map { "\(type)=\(escaped($0))" } }.joined(separator: ",")
    }

    /// RFC 4514 section 2.4.
    private func escaped(_ value: String) -> String {
        String(value.flatMap { "\",+;<>\\".contains($0) ? ["\\", $0] : [$0] })
    }

    private func publicKey(_ type: KeyType) -> String {
        switch type {
        case .p256: "EC/ECDSA 256"
        case .p384: "EC/ECDSA 384"
        case .p521: "EC/ECDSA 528"
        case .ed25519: "EdDSA (Ed25519) 256"
        case .rsa1024: "RSA 1024"
        case .rsa2048: "RSA 2048"
        case .rsa3072: "RSA 3072"
        case .rsaPSS2048: "RSA-PSS 2048"
        }
    }

    private func keyUsages(_ wanted: CertificateRecipe) -> String {
        guard wanted.version == 3 else { return "" }
        return (wanted.keyUsages ?? (wanted.isCA ? ["keyCertSign", "cRLSign"] : ["digitalSignature"]))
            .joined(separator: " ")
    }

    private func purposes(_ wanted: CertificateRecipe) -> String {
        (wanted.extendedKeyUsages ?? []).map { purpose in
            switch purpose {
            case "serverAuth": "1.3.6.1.5.5.7.3.1"
            case "clientAuth": "1.3.6.1.5.5.7.3.2"
            case "codeSigning": "1.3.6.1.5.5.7.3.3"
            case "any": "2.5.29.37.0"
            default: purpose
            }
        }.joined(separator: " ")
    }

    private func names(_ subtrees: NameConstraints.Subtrees?) -> String {
        guard let subtrees else { return names(GnuTLSGeneralNames()) }
        return "\(subtrees.dnsNames) \(subtrees.ipRanges) \(subtrees.emailAddresses) \(subtrees.uriHosts)"
    }

    private func names(_ names: GnuTLSGeneralNames) -> String {
        "\(names.dns) \(names.addresses) \(names.emails) \(names.uris)"
    }

    private func hasUnknownCriticalExtension(_ found: GnuTLSCertificateReader) -> Bool {
        found.extensions.contains(.init(oid: "1.3.6.1.4.1.99999.1", isCritical: true))
    }
}

/// A recipe speaks of an entry that was not minted.
struct UnknownEntry: Error {
    let name: String
}
