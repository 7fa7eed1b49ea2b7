package import ConformanceModel
package import ThrowawayPKI

/// Mints what a case needs, with RSA keys from a pool that lasts as long as the process.
struct CaseMint: Sendable {
    private let keys = KeyPool()
    private let ready = ReadyKeys()
    private let live: LiveMaterial?

    /// - Parameter live: what takes the place of entries that have a stand-in.
    init(live: LiveMaterial? = nil) {
        self.live = live
    }

    /// How many RSA keys of this case are not in the pool yet: each takes from a tenth of a second to several.
    func missingKeys(for testCase: ConformanceCase, needs: NeededNames) -> Int {
        ready.missing(SlowKeyCount(testCase.pki, needs))
    }

    func material(
        for testCase: ConformanceCase,
        needs: NeededNames,
        seed: UInt64,
        now: Int64
    ) throws(PlayFailure) -> CaseMaterial {
        let pki: PKI
        defer { ready.add(SlowKeyCount(testCase.pki, needs)) }
        do throws(PKIError) {
            pki = try PKI.mint(
                Recipe(testCase.pki),
                now: now,
                seed: CaseSeed(seed, caseID: testCase.id).value,
                keys: keys,
                only: needs.certificates.union(needs.revocationLists),
                adopting: live?.adopted(in: testCase.pki) ?? [:]
            )
        } catch {
            throw .harness("the PKI of \(testCase.id) can't be minted: \(error)")
        }
        return CaseMaterial(
            now: now,
            specification: testCase.pki,
            entries: try entries(of: pki, keysOf: needs.keys, testCase.pki),
            revocationLists: Dictionary(
                pki.revocationListNames.compactMap { name in pki.crl(name).map { (name, $0) } },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }

    private func entries(
        of pki: PKI,
        keysOf owners: Set<String>,
        _ specification: PKISpecification
    ) throws(PlayFailure) -> [String: MintedEntry] {
        var entries: [String: MintedEntry] = [:]
        for name in pki.names {
            guard let entity = pki[name] else { continue }
            let key = owners.contains(name) ? entity.privateKeyPKCS8 : nil
            let certificate = live?.serverRoot(for: specification.certificates[name]) ?? entity.certificateDER
            guard let entry = MintedEntry(certificate: certificate, privateKey: key) else {
                throw .harness("the certificate minted for \(name) can't be read back")
            }
            entries[name] = entry
        }
        return entries
    }
}

/// The seed of one case: different for each case of a run, and the same in each run with one seed.
struct CaseSeed: Hashable {
    let value: UInt64

    /// FNV-1a over the case's id, begun at the run's seed.
    init(_ seed: UInt64, caseID: String) {
        var hash = 0xCBF2_9CE4_8422_2325 ^ (seed &* 0x9E37_79B9_7F4A_7C15)
        for byte in caseID.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        value = hash
    }
}

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
            isForged: specification.isForged,
            serial: specification.serial,
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
