internal import ConformanceModel
internal import MutualTLS

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
