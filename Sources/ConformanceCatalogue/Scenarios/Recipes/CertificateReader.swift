internal import ConformanceModel

/// Reads one entry of a scenario's `pki` section.
struct CertificateReader {
    let log: IssueLog

    func certificate(_ entry: YAMLTree.Entry) -> CertificateSpecification {
        let block = BlockReader(entry.value, "pki entry “\(entry.key)”", log: log)
        var certificate = CertificateSpecification(name: entry.key, issuer: block.string("issuer"))
        certificate.isCA = block.bool("ca") ?? false
        certificate.commonName = block.string("cn")
        certificate.organization = block.string("org")
        certificate.key = block.word("key", as: "key type") ?? .p256
        certificate.keyOf = block.string("key-of")
        certificate.version = version(block)
        if let validity = Validity(block) {
            certificate.validFrom = validity.from ?? certificate.validFrom
            certificate.validTo = validity.to ?? certificate.validTo
            validity.check(from: certificate.validFrom, to: certificate.validTo, log: log)
        }
        certificate.dnsNames = block.strings("dns") ?? []
        certificate.ipAddresses = addresses(block)
        certificate.uris = block.strings("uri") ?? []
        certificate.emailAddresses = block.strings("email") ?? []
        certificate.extendedKeyUsages = extendedKeyUsages(block)
        certificate.keyUsages = keyUsages(block)
        certificate.pathLength = block.int("path-length")
        certificate.nameConstraints = nameConstraints(block)
        certificate.hasUnknownCriticalExtension = block.bool("unknown-critical-extension") ?? false
        certificate.subjectOf = block.string("subject-of")
        certificate.serialOf = block.string("serial-of")
        certificate.keyIdentifierOf = block.string("key-id-of")
        certificate.signature = block.word("signature", as: "fault of a signature")
        certificate.hasBasicConstraints = block.bool("basic-constraints") ?? true
        certificate.isForged = block.bool("forged") ?? false
        block.finish()
        if certificate.isForged, certificate.issuer == nil {
            log.report("\(block.name) is forged, and has no issuer that it pretends to", line: block.line(of: "forged"))
        }
        if entry.key == SideExpectation.none {
            log.report("no pki entry may be named “none”, which stands for no credential", line: entry.line)
        }
        if certificate.keyOf != nil, block.tree("key") != nil {
            log.report("\(block.name) has both key and key-of, and can have one of them", line: block.line(of: "key"))
        }
        return certificate
    }

    private func version(_ block: BlockReader) -> Int {
        guard let version = block.int("version") else { return 3 }
        if version != 1, version != 3 {
            log.report("version of \(block.name) must be 1 or 3, not \(version)", line: block.line(of: "version"))
        }
        return version
    }

    private func addresses(_ block: BlockReader) -> [String] {
        let addresses = block.strings("ip") ?? []
        for address in addresses where IPAddress(address) == nil {
            log.report("ip of \(block.name) has “\(address)”, which is no IP address", line: block.line(of: "ip"))
        }
        return addresses
    }

    /// Nil leaves the extension out.
    private func extendedKeyUsages(_ block: BlockReader) -> [String]? {
        guard let tree = block.tree("eku"), tree.text != SideExpectation.none else { return nil }
        guard let usages = block.strings("eku") else { return nil }
        for usage in usages where !Self.keyPurposes.contains(usage) && !Self.isObjectIdentifier(usage) {
            log.reportUnknown("EKU", usage, in: block.name, known: Self.keyPurposes, line: block.line(of: "eku"))
        }
        return usages
    }

    /// Nil takes the default of the kind; an empty list leaves the extension out.
    private func keyUsages(_ block: BlockReader) -> [String]? {
        guard let tree = block.tree("ku") else { return nil }
        if tree.text == SideExpectation.none { return [] }
        guard let usages = block.strings("ku") else { return nil }
        for usage in usages where !Self.keyUsages.contains(usage) {
            log.reportUnknown("key usage", usage, in: block.name, known: Self.keyUsages, line: block.line(of: "ku"))
        }
        return usages
    }

    private func nameConstraints(_ block: BlockReader) -> NameConstraintsSpecification? {
        guard let tree = block.tree("name-constraints") else { return nil }
        let reader = BlockReader(tree, "name-constraints of \(block.name)", log: log)
        var constraints = NameConstraintsSpecification()
        if let permitted = reader.tree("permitted") {
            let names = BlockReader(permitted, "permitted names of \(block.name)", log: log)
            constraints.permittedDNS = names.strings("dns") ?? []
            constraints.permittedEmail = names.strings("email") ?? []
            constraints.permittedIP = names.strings("ip") ?? []
            constraints.permittedURI = names.strings("uri") ?? []
            constraints.permittedDirectory = names.strings("org") ?? []
            names.finish()
        }
        if let excluded = reader.tree("excluded") {
            let names = BlockReader(excluded, "excluded names of \(block.name)", log: log)
            constraints.excludedDNS = names.strings("dns") ?? []
            constraints.excludedEmail = names.strings("email") ?? []
            constraints.excludedIP = names.strings("ip") ?? []
            constraints.excludedURI = names.strings("uri") ?? []
            constraints.excludedDirectory = names.strings("org") ?? []
            names.finish()
        }
        reader.finish()
        return constraints
    }

    private static func isObjectIdentifier(_ text: String) -> Bool {
        let arcs = text.split(separator: ".", omittingEmptySubsequences: false)
        return arcs.count >= 2 && arcs.allSatisfy { UInt32($0) != nil }
    }

    /// RFC 5280 section 4.2.1.12, and anyExtendedKeyUsage.
    private static let keyPurposes = [
        "any", "clientAuth", "codeSigning", "emailProtection", "OCSPSigning", "serverAuth", "timeStamping",
    ]
    /// RFC 5280 section 4.2.1.3.
    private static let keyUsages = [
        "cRLSign", "contentCommitment", "dataEncipherment", "decipherOnly", "digitalSignature", "encipherOnly",
        "keyAgreement", "keyCertSign", "keyEncipherment", "nonRepudiation",
    ]
}

/// The `valid` block of a certificate or a revocation list: two times relative to the case's now.
struct Validity {
    let from: Int64?
    let to: Int64?
    private let isReadable: Bool
    private let owner: String
    private let line: Int

    /// Nil when the block has no `valid`.
    init?(_ block: BlockReader) {
        guard let tree = block.tree("valid") else { return nil }
        let reader = BlockReader(tree, "valid of \(block.name)", log: block.log)
        owner = block.name
        line = tree.line
        from = Self.time("from", reader)
        to = Self.time("to", reader)
        isReadable = (from != nil || reader.tree("from") == nil) && (to != nil || reader.tree("to") == nil)
        reader.finish()
    }

    func check(from: Int64, to: Int64, log: IssueLog) {
        if isReadable, from >= to {
            log.report("valid of \(owner) ends before it begins", line: line)
        }
    }

    private static func time(_ key: String, _ reader: BlockReader) -> Int64? {
        guard let text = reader.string(key) else { return nil }
        guard let seconds = RelativeTime.seconds(text) else {
            reader.log.report(
                "\(key) in \(reader.name) is “\(text)”; a time is \(RelativeTime.form)",
                line: reader.line(of: key)
            )
            return nil
        }
        return seconds
    }
}
