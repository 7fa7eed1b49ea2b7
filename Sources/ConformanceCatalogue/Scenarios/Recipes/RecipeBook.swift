package import ConformanceModel
internal import FoundationEssentials

/// All certificates, revocation lists and credentials that a scenario file names, with their references resolved.
struct RecipeBook {
    private(set) var certificates: [String: CertificateSpecification] = [:]
    private(set) var revocationLists: [String: RevocationListSpecification] = [:]
    /// The credentials of the `credentials` section, and one for each certificate, which presents itself.
    private(set) var credentials: [String: CredentialSpecification] = [:]
    private var lines: [String: Int] = [:]
    private var revocationListLines: [String: Int] = [:]
    /// Certificate to all the certificates that must exist for it to be minted, itself included.
    private(set) var closures: [String: Set<String>] = [:]

    init(_ root: BlockReader) {
        let log = root.log
        let reader = CertificateReader(log: log)
        for entry in root.block("pki") ?? [] {
            certificates[entry.key] = reader.certificate(entry)
            lines[entry.key] = entry.line
        }
        checkReferences(log)
        for name in certificates.keys {
            closures[name] = closure(of: name)
            credentials[name] = CredentialSpecification(name: name, certificate: name, chain: issuers(of: name))
        }
        for entry in root.block("credentials") ?? [] {
            readCredential(entry, log)
        }
        for entry in root.block("crls") ?? [] {
            readRevocationList(entry, log)
        }
    }

    /// Reports a name that is no certificate.
    func checkCertificate(_ name: String, in place: String, line: Int, log: IssueLog) {
        if certificates[name] == nil {
            log.reportUnknown("pki entry", name, in: place, known: Array(certificates.keys), line: line)
        }
    }

    /// Nil for `none`; reports a name that is neither a credential nor a certificate.
    func checkedCredential(_ name: String, in place: String, line: Int, log: IssueLog) -> String? {
        if name == SideExpectation.none { return nil }
        if credentials[name] == nil {
            let known = Array(credentials.keys) + [SideExpectation.none]
            log.reportUnknown("credential", name, in: place, known: known, line: line)
        }
        return name
    }

    func checkRevocationList(_ name: String, in place: String, line: Int, log: IssueLog) {
        if revocationLists[name] == nil {
            log.reportUnknown("CRL", name, in: place, known: Array(revocationLists.keys), line: line)
        }
    }

    /// Where an entry stands in the file.
    func line(of name: String) -> Int? { lines[name] }

    func line(ofRevocationList name: String) -> Int? { revocationListLines[name] }

    /// The certificates that are sent after a leaf: its issuers up to the self-signed root, which the peer has.
    private func issuers(of name: String) -> [String] {
        var chain: [String] = []
        var next = certificates[name]?.issuer
        while let issuer = next, let certificate = certificates[issuer], certificate.issuer != nil,
            !chain.contains(issuer)
        {
            chain.append(issuer)
            next = certificate.issuer
        }
        return chain
    }

    private func closure(of name: String) -> Set<String> {
        var found: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            guard let certificate = certificates[next], found.insert(next).inserted else { continue }
            open += certificate.references
        }
        return found
    }

    private func checkReferences(_ log: IssueLog) {
        for (name, certificate) in certificates {
            let place = "pki entry “\(name)”"
            let line = lines[name] ?? 0
            if let issuer = certificate.issuer {
                if certificates[issuer] == nil {
                    log.reportUnknown("issuer", issuer, in: place, known: Array(certificates.keys), line: line)
                } else if isInCycle(name, following: \.issuer) {
                    log.report("\(place) is, over its issuers, its own issuer", line: line)
                }
            }
            let borrowed = [
                ("subject-of", certificate.subjectOf), ("serial-of", certificate.serialOf),
                ("key-id-of", certificate.keyIdentifierOf),
            ]
            for (key, other) in borrowed {
                guard let other else { continue }
                if certificates[other] == nil || other == name {
                    log.reportUnknown(key, other, in: place, known: Array(certificates.keys), line: line)
                } else if certificates[other].map(\.borrowsIdentity) ?? false {
                    log.report("\(key) of \(place) names an entry that borrows in turn; name the first one", line: line)
                }
            }
            if let other = certificate.keyOf {
                if certificates[other] == nil {
                    log.reportUnknown("key-of", other, in: place, known: Array(certificates.keys), line: line)
                } else if isInCycle(name, following: \.keyOf) {
                    log.report("\(place) takes its key, over others, from itself", line: line)
                }
            }
        }
    }

    private func isInCycle(_ name: String, following link: (CertificateSpecification) -> String?) -> Bool {
        var seen: Set<String> = []
        var next = certificates[name].flatMap(link)
        while let current = next, seen.insert(current).inserted {
            if current == name { return true }
            next = certificates[current].flatMap(link)
        }
        return false
    }

    private mutating func readCredential(_ entry: YAMLTree.Entry, _ log: IssueLog) {
        let block = BlockReader(entry.value, "credential “\(entry.key)”", log: log)
        let leaf = block.required("certificate")
        if !leaf.isEmpty {
            checkCertificate(leaf, in: block.name, line: block.line(of: "certificate"), log: log)
        }
        var credential = CredentialSpecification(name: entry.key, certificate: leaf)
        credential.chain = block.strings("chain") ?? issuers(of: leaf)
        for name in credential.chain {
            checkCertificate(name, in: block.name, line: block.line(of: "chain"), log: log)
        }
        credential.keyOf = block.string("key-of")
        if let other = credential.keyOf {
            checkCertificate(other, in: block.name, line: block.line(of: "key-of"), log: log)
        }
        credential.corruptsSignature = block.bool("corrupt-signature") ?? false
        block.finish()
        if entry.key == SideExpectation.none {
            log.report("no credential may be named “none”, which stands for no credential", line: entry.line)
        } else if certificates[entry.key] != nil {
            log.report("credential “\(entry.key)” has the name of a pki entry", line: entry.line)
        }
        credentials[entry.key] = credential
        lines[entry.key] = entry.line
    }

    private mutating func readRevocationList(_ entry: YAMLTree.Entry, _ log: IssueLog) {
        let block = BlockReader(entry.value, "CRL “\(entry.key)”", log: log)
        let issuer = block.required("issuer")
        if !issuer.isEmpty {
            checkCertificate(issuer, in: block.name, line: block.line(of: "issuer"), log: log)
        }
        var list = RevocationListSpecification(name: entry.key, issuer: issuer)
        list.revokes = block.strings("revokes") ?? []
        for name in list.revokes {
            checkCertificate(name, in: block.name, line: block.line(of: "revokes"), log: log)
        }
        if let validity = Validity(block) {
            list.thisUpdate = validity.from ?? list.thisUpdate
            list.nextUpdate = validity.to ?? list.nextUpdate
            validity.check(from: list.thisUpdate, to: list.nextUpdate, log: log)
        }
        block.finish()
        revocationLists[entry.key] = list
        revocationListLines[entry.key] = entry.line
    }
}

extension PKISpecification {
    /// Reads the `pki`, `credentials` and `crls` sections of a file.
    ///
    /// A file with a `scenario` key may have the other sections of a scenario too, which are not looked at; in any
    /// other file they are unknown keys. Throws one error with everything that is wrong.
    package static func recipe(yaml: String, file: String) throws(ScenarioError) -> PKISpecification {
        let log = IssueLog(file: file)
        let tree = YAMLTree.parse(yaml, log: log)
        try log.throwIfAny()
        guard let tree else { throw ScenarioError([.init(file: file, message: "the file is empty")]) }
        let root = BlockReader(tree, "the recipe", log: log)
        let book = RecipeBook(root)
        if root.tree("scenario") == nil { root.finish() }
        try log.throwIfAny()
        guard !book.certificates.isEmpty else {
            throw ScenarioError([
                .init(file: file, message: "the file has no certificate; a section pki lists them by name")
            ])
        }
        return PKISpecification(
            certificates: book.certificates,
            revocationLists: book.revocationLists,
            credentials: book.credentials
        )
    }
}
