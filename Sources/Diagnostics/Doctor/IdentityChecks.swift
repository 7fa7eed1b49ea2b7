internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

/// What a chain file shows, beside its key and the authorities that judge it.
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
        where issued.certificate.issuer != issuer.certificate.subject {
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

    /// Whether the names lead from the chain to an authority.
    private func pathFindings() -> [Finding] {
        guard let leaf = chain.first, !authorities.isEmpty else { return [] }
        let isPinned = authorities.contains { $0.certificate == leaf.certificate }
        let isTrusted = chain.contains { link in
            authorities.contains { $0.certificate.subject == link.certificate.issuer }
        }
        guard !isPinned, !isTrusted else { return [] }
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
