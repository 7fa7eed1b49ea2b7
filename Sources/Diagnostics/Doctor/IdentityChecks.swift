internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

/// Findings about a chain file, its key and the authorities that judge it.
struct IdentityChecks {
    var chain: [PlacedCertificate]
    var key: (file: String, key: PrivateKey)?
    var authorities: [PlacedCertificate]
    var checks: CertificateChecks
    var role: CertificateChecks.Role

    func findings() -> [Finding] {
        guard let first = chain.first else { return [] }
        // In a file of the wrong order the key tells which certificate is meant.
        let leaf = chain.first { link in key.map { link.x509.matches(privateKey: $0.key.key) } ?? true } ?? first
        var findings = checks.findings(of: leaf, as: .leaf(role))
        for link in chain where link.place != leaf.place && !link.certificate.isSelfIssued {
            findings += checks.findings(of: link, as: .intermediate)
        }
        findings += keyFindings(first)
        return findings + (leaf.place == first.place ? orderFindings() : []) + pathFindings()
    }

    private func keyFindings(_ leaf: PlacedCertificate) -> [Finding] {
        guard let key, !leaf.x509.matches(privateKey: key.key.key) else { return [] }
        let command =
            "openssl x509 -noout -pubkey -in \(ShellWord.of(leaf.file)) | diff - <(openssl pkey -pubout -in "
            + "\(ShellWord.of(key.file)))"
        let subject = "\(leaf.file), \(key.file)"
        if let owner = chain.first(where: { $0.x509.matches(privateKey: key.key.key) }) {
            let message = "the key is that of certificate \(owner.place), \(owner.certificate): put that one first"
            return [
                Finding(id: "cfg-pem-order", severity: .error, subject: subject, message: message, command: command)
            ]
        }
        let message = "the \(key.key) isn't that of \(leaf.certificate)"
        return [
            Finding(id: "cfg-cert-key-mismatch", severity: .error, subject: subject, message: message, command: command)
        ]
    }

    private func orderFindings() -> [Finding] {
        var findings: [Finding] = []
        for (issued, issuer) in zip(chain, chain.dropFirst())
        where issued.certificate.issuer.text != issuer.certificate.subject.text {
            let message =
                "it was issued by \(issued.certificate.issuer), and \(issuer.certificate.subject) stands next"
            findings.append(issued.finding("cfg-pem-order", .warning, message, "-issuer"))
        }
        for link in chain.dropFirst() where link.certificate.isSelfIssued {
            let message = "the root \(link.certificate.subject) stands in the chain; peers have it or don't trust it"
            findings.append(link.finding("cfg-ca-in-identity-chain", .warning, message, "-subject"))
        }
        return findings
    }

    /// An authority that bears the issuer's name and whose key identifier isn't the one that the certificate names.
    private func twinFindings() -> [Finding] {
        guard let last = chain.last(where: { !$0.certificate.isSelfIssued }) ?? chain.last else { return [] }
        let namesakes = authorities.filter { $0.certificate.subject == last.certificate.issuer }
        // Without key identifiers only a handshake tells.
        guard let first = namesakes.first, last.x509.hasAuthorityKeyIdentifier,
            !namesakes.contains(where: { namesake in
                guard let identifier = namesake.x509.subjectKeyIdentifier, !identifier.isEmpty else { return true }
                return FileForm.holds(last.x509.der, identifier)
            })
        else { return [] }
        let message =
            "the authority \(first.certificate.subject) in \(first.file) has the name of its issuer and another key: it was "
            + "generated anew, or is another one of the same name"
        return [
            Finding(
                id: "path-same-dn-ca-rotation",
                severity: .error,
                subject: last.subject,
                message: message,
                command: "openssl verify -CAfile \(ShellWord.of(first.file)) \(ShellWord.of(last.file))"
            )
        ]
    }

    /// Names that read alike and are encoded with other string types (RFC 5280 section 7.1).
    private func spellingFinding() -> Finding? {
        for link in chain {
            guard
                let authority = authorities.first(where: { $0.certificate.subject.text == link.certificate.issuer.text }
                )
            else { continue }
            let message =
                "its issuer \(link.certificate.issuer) is spelled with other string types than the subject in "
                + "\(authority.file): Go and GnuTLS refuse the chain, OpenSSL, Java and Python accept it; reissue it with "
                + "the authority's own encoding"
            return link.finding("path-name-string-type", .error, message, "-issuer -nameopt multiline,show_type")
        }
        return nil
    }

    /// Whether the names lead from the chain to an authority.
    private func pathFindings() -> [Finding] {
        guard let leaf = chain.first, !authorities.isEmpty else { return [] }
        let isPinned = authorities.contains { $0.certificate == leaf.certificate }
        let isTrusted = chain.contains { link in
            authorities.contains { $0.certificate.subject == link.certificate.issuer }
        }
        guard !isPinned, !isTrusted else { return twinFindings() }
        if let spelled = spellingFinding() { return [spelled] }
        let last = chain.last ?? leaf
        let names = authorities.map(\.certificate.subject.text).joined(separator: "; ")
        let isAlone = chain.count == 1
        let message =
            "no authority issued it: the last certificate was issued by \(last.certificate.issuer), the authorities are "
            + "\(names)" + (isAlone ? "; either another CA, or its intermediate is missing here" : "")
        let id = isAlone ? "path-missing-intermediate" : "cred-wrong-ca"
        let bundle = authorities.first.map { ShellWord.of($0.file) } ?? ""
        return [
            Finding(
                id: id,
                severity: .error,
                subject: leaf.subject,
                message: message,
                command:
                    "openssl verify -CAfile \(bundle) -untrusted \(ShellWord.of(leaf.file)) \(ShellWord.of(leaf.file))"
            )
        ]
    }
}
