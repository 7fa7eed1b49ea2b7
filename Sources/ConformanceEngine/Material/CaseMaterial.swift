package import ConformanceModel

/// The material minted for a case: its certificates, keys and lists under the names of the scenario.
package struct CaseMaterial: Sendable {
    /// The moment that everything is relative to, in seconds since 1970.
    package let now: Int64
    private let specification: PKISpecification
    private let entries: [String: MintedEntry]
    private let lists: [String: [UInt8]]
    private let namesByCertificate: [[UInt8]: String]

    package init(
        now: Int64,
        specification: PKISpecification,
        entries: [String: MintedEntry],
        revocationLists: [String: [UInt8]]
    ) {
        self.now = now
        self.specification = specification
        self.entries = entries
        lists = revocationLists
        namesByCertificate = Dictionary(
            entries.map { ($0.value.certificate, $0.key) },
            uniquingKeysWith: { first, second in min(first, second) }
        )
    }

    /// The credential that a side presents under a credential's name, or under the name of an entry.
    package func credential(_ name: String) throws(AdapterError) -> Credential {
        guard let specified = specification.credential(name) else {
            throw .harness("no credential and no certificate of the case is named \(name)")
        }
        var chain = [try entry(specified.certificate).certificate]
        for issuer in specified.chain {
            chain.append(try entry(issuer).certificate)
        }
        let keyOwner = specified.keyOf ?? specified.certificate
        guard let privateKey = try entry(keyOwner).privateKey else {
            throw .harness("the private key of \(keyOwner), which signs for \(name), was not kept")
        }
        return Credential(
            name: name,
            chain: chain,
            privateKey: privateKey,
            hasMatchingKey: specified.hasMatchingKey,
            corruptsSignature: specified.corruptsSignature,
            hasWeakKey: ([specified.certificate] + specified.chain).contains(where: specification.hasWeakKey)
        )
    }

    /// The DNS names in the leaf of a credential.
    package func dnsNames(of credential: String) throws(AdapterError) -> [String] {
        guard let specified = specification.credential(credential) else {
            throw .harness("no credential and no certificate of the case is named \(credential)")
        }
        return specification.certificates[specified.certificate]?.dnsNames ?? []
    }

    /// The names of all entries that were minted, sorted.
    package var entryNames: [String] { entries.keys.sorted() }

    /// The names of all revocation lists that were minted, sorted.
    package var revocationListNames: [String] { lists.keys.sorted() }

    /// The entry of this name, or nil when the case did not need it.
    package func minted(_ name: String) -> MintedEntry? { entries[name] }

    /// The certificates of a pool in DER.
    package func certificates(_ names: [String]) throws(AdapterError) -> [[UInt8]] {
        var pool: [[UInt8]] = []
        for name in names {
            pool.append(try entry(name).certificate)
        }
        return pool
    }

    /// Revocation lists in DER.
    package func revocationLists(_ names: [String]) throws(AdapterError) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for name in names {
            guard let list = lists[name] else { throw .harness("the case has minted no revocation list named \(name)") }
            found.append(list)
        }
        return found
    }

    /// The entry that a certificate was minted from.
    package func sighting(of certificate: [UInt8]) -> CertificateSighting {
        if let name = namesByCertificate[certificate], let entry = entries[name] {
            return CertificateSighting(name: name, serial: entry.serial)
        }
        return CertificateSighting(name: nil, serial: CertificateFields(der: certificate)?.serial ?? "unreadable")
    }

    /// The entry whose certificate has this serial number, or this SHA-256, both in hexadecimal.
    package func sighting(serial: String?, sha256: String?) -> CertificateSighting {
        let wantedSerial = serial.map { $0.lowercased().trimmingLeadingZeros }
        let wantedDigest = sha256?.lowercased()
        let match = entries.filter { _, entry in
            entry.serial.trimmingLeadingZeros == wantedSerial
                || wantedDigest.map { $0 == Hexadecimal.string(Fingerprint.sha256(of: entry.certificate)) } ?? false
        }
        let name = match.keys.min()
        return CertificateSighting(name: name, serial: name.flatMap { entries[$0]?.serial } ?? serial ?? "unknown")
    }

    /// The names of the scenario's entries whose subject is one of these DER names, sorted.
    ///
    /// A name that no entry has stands as its DER in hexadecimal, so that it is never taken for nothing.
    package func entries(withSubjects subjects: [[UInt8]]) -> [String] {
        var names: Set<String> = []
        for subject in subjects {
            let minted = entries.filter { $0.value.subject == subject }
            let sample = minted.keys.min().flatMap { name in
                let entry = specification.certificates[name]
                return entry?.subjectOf.flatMap { specification.certificates[$0] } ?? entry
            }
            guard let sample else {
                names.insert("der:\(Hexadecimal.string(subject))")
                continue
            }
            // An entry that the case did not need was not minted; it has the same subject all the same.
            for (name, entry) in specification.certificates {
                let other = entry.subjectOf.flatMap { specification.certificates[$0] } ?? entry
                guard other.hasSameSubject(as: sample) else { continue }
                names.insert(name)
            }
        }
        return names.sorted()
    }

    private func entry(_ name: String) throws(AdapterError) -> MintedEntry {
        guard let entry = entries[name] else { throw .harness("the case has minted no certificate named \(name)") }
        return entry
    }
}

extension String {
    /// Programs write serial numbers with and without leading zeros.
    fileprivate var trimmingLeadingZeros: String { String(drop { $0 == "0" }) }
}

/// A certificate with its key.
package struct MintedEntry: Hashable, Sendable {
    /// DER.
    package var certificate: [UInt8]
    /// PKCS#8 in DER, unencrypted; nil for an entry whose key signs for no credential.
    package var privateKey: [UInt8]?
    /// Lowercase hexadecimal.
    package var serial: String
    /// The subject's Name in DER.
    package var subject: [UInt8]

    /// Nil when `certificate` is not a certificate.
    package init?(certificate: [UInt8], privateKey: [UInt8]?) {
        guard let fields = CertificateFields(der: certificate) else { return nil }
        self.certificate = certificate
        self.privateKey = privateKey
        serial = fields.serial
        subject = fields.subject
    }
}

/// A credential as bytes.
package struct Credential: Hashable, Sendable {
    /// The name in the scenario.
    package var name: String
    /// DER, the leaf first.
    package var chain: [[UInt8]]
    /// PKCS#8 in DER, unencrypted.
    package var privateKey: [UInt8]
    /// Whether the key is the leaf's.
    package var hasMatchingKey: Bool
    /// Whether each signature is broken on purpose.
    package var corruptsSignature: Bool
    /// Whether a key in the chain is one that platforms refuse to use.
    package var hasWeakKey: Bool
}

extension PKISpecification {
    func hasWeakKey(_ name: String) -> Bool {
        guard let entry = certificates[name] else { return false }
        return (entry.keyOf.flatMap { certificates[$0] } ?? entry).key == .rsa1024
            || entry.signature == .md5 || entry.signature == .sha1
    }

    /// The credential of this name; an entry's name stands for the entry with its intermediates.
    func credential(_ name: String) -> CredentialSpecification? {
        if let credential = credentials[name] { return credential }
        guard let leaf = certificates[name] else { return nil }
        var chain: [String] = []
        var next = leaf.issuer
        while let issuer = next, let entry = certificates[issuer], entry.issuer != nil, !chain.contains(issuer) {
            chain.append(issuer)
            next = entry.issuer
        }
        return CredentialSpecification(name: name, certificate: name, chain: chain)
    }
}

extension CertificateSpecification {
    /// The common name as it is minted; nil when the subject has none.
    var mintedCommonName: String? {
        guard let commonName else { return name }
        return commonName.isEmpty ? nil : commonName
    }

    func hasSameSubject(as other: CertificateSpecification) -> Bool {
        mintedCommonName == other.mintedCommonName && organization == other.organization
    }
}
