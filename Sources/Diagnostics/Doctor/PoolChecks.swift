internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

/// Findings about a pool of authorities.
struct PoolChecks {
    var pool: [PlacedCertificate]
    var checks: CertificateChecks

    func findings() -> [Finding] {
        pool.flatMap { checks.findings(of: $0, as: .anchor) } + kinds() + twins()
    }

    private func kinds() -> [Finding] {
        var findings: [Finding] = []
        for placed in pool where !placed.certificate.isCertificateAuthority {
            let message =
                "it is no authority: it pins \(placed.certificate.subject) alone, and OpenSSL takes it with "
                + "X509_V_FLAG_PARTIAL_CHAIN only"
            findings.append(placed.finding("cred-leaf-pinned-in-ca-file", .note, message, "-ext basicConstraints"))
        }
        for placed in pool where placed.certificate.isCertificateAuthority {
            let isPurposeful = placed.certificate.extendedKeyUsages != nil && placed.certificate.isSelfIssued
            guard isPurposeful else { continue }
            let message =
                "it looks like a pinned identity and is an authority: whatever its holder signs is trusted too"
            findings.append(placed.finding("cred-leaf-pinned-in-ca-file", .warning, message, "-ext basicConstraints"))
        }
        let authorities = pool.filter(\.certificate.isCertificateAuthority)
        if let first = authorities.first, !authorities.contains(where: \.certificate.isSelfIssued) {
            let message = "no root stands in the pool, and OpenSSL doesn't end a chain in an intermediate"
            findings.append(first.finding("path-trust-intermediate-only", .warning, message, "-subject -issuer"))
        }
        return findings
    }

    /// Authorities of one name with different keys.
    private func twins() -> [Finding] {
        var findings: [Finding] = []
        for (index, placed) in pool.enumerated() {
            let isTwin = pool[..<index].contains { earlier in
                guard earlier.certificate.subject == placed.certificate.subject,
                    let key = try? earlier.x509.publicKey(), let other = try? placed.x509.publicKey()
                else { return false }
                return !key.hasSamePublicKey(as: other)
            }
            guard isTwin else { continue }
            let isMarked = placed.x509.hasSubjectKeyIdentifier
            let message =
                "another authority of the pool has the same name \(placed.certificate.subject) and another key"
                + (isMarked ? "" : ", and without key identifiers verifiers take the wrong one")
            findings.append(
                placed.finding(
                    "path-same-dn-ca-rotation",
                    isMarked ? .warning : .error,
                    message,
                    "-subject -ext subjectKeyIdentifier"
                )
            )
        }
        return findings
    }
}

/// Findings about revocation lists.
struct ListChecks {
    var lists: [(file: String, list: CertificateRevocationList)]
    /// The certificates whose issuers need a list.
    var certificates: [PlacedCertificate]
    var now: Timestamp

    func findings() -> [Finding] {
        guard !lists.isEmpty else { return [] }
        var findings: [Finding] = []
        for (file, list) in lists {
            let command = "openssl crl -noout -issuer -nextupdate -in \(ShellWord.of(file))"
            guard let next = list.nextUpdate, next < now else { continue }
            let message = "the list of \(list.issuer) is stale: its next update was due at \(next)"
            findings.append(
                Finding(id: "path-crl-expired", severity: .error, subject: file, message: message, command: command)
            )
        }
        for placed in certificates where !lists.contains(where: { $0.list.issuer == placed.certificate.issuer }) {
            guard !placed.certificate.isSelfIssued else { continue }
            let message = "there is no revocation list of its issuer \(placed.certificate.issuer)"
            findings.append(placed.finding("path-crl-missing", .warning, message, "-issuer"))
        }
        return findings
    }
}
