internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

/// The files that `doctor` was given, sorted into roles, and every finding about them.
package struct Examination {
    struct IdentityFile {
        var chain: [PlacedCertificate]
        var key: (file: String, key: PrivateKey)?
    }

    var identities: [IdentityFile] = []
    /// The authorities that judge the identities.
    var authorities: [PlacedCertificate] = []
    /// The authorities that this side judges its peers by.
    var peerAuthorities: [PlacedCertificate] = []
    var lists: [(file: String, list: CertificateRevocationList)] = []
    /// Empty where each certificate tells by itself.
    var roles: [CertificateChecks.Role] = []
    var name: ServerName?
    var checks: CertificateChecks
    /// Findings while the files were read.
    var early: [Finding] = []

    /// Errors first, then by file; nothing stands twice.
    package func findings() throws -> [Finding] {
        let stale = ListChecks(lists: lists, certificates: identities.flatMap(\.chain), now: checks.now).findings()
        var findings = early
        for identity in identities {
            guard let leaf = identity.chain.first else { continue }
            for role in roles.isEmpty ? [CertificateChecks.Role(guessedFrom: leaf.certificate)] : roles {
                let found = IdentityChecks(
                    chain: identity.chain,
                    key: identity.key,
                    authorities: authorities,
                    checks: checks,
                    role: role
                ).findings()
                findings += found
                guard !(early + found + stale).contains(where: { $0.severity == .error }) else { continue }
                do {
                    findings += try rehearse(identity, leaf, role)
                } catch let error as MutualTLSError {
                    let message = "no handshake could be tried with it: \(error.message)"
                    findings.append(leaf.finding("proto-alert-divergence", .warning, message, "-text"))
                }
            }
        }
        findings += PoolChecks(pool: authorities, checks: checks).findings()
        findings += PoolChecks(pool: peerAuthorities, checks: checks).findings()
        findings += stale + shared()
        var seen: Set<Finding> = []
        return findings.filter { seen.insert($0).inserted }
            .enumerated().sorted { ($0.element.severity, $0.offset) < ($1.element.severity, $1.offset) }
            .map(\.element)
    }

    private func rehearse(
        _ file: IdentityFile,
        _ leaf: PlacedCertificate,
        _ role: CertificateChecks.Role
    ) throws -> [Finding] {
        guard let key = file.key, !authorities.isEmpty else { return [] }
        let rehearsal = Rehearsal(
            identity: try Identity(chain: file.chain.map(\.certificate), privateKey: key.key),
            role: role,
            authorities: CertificatePool(authorities.map(\.certificate)),
            revocation: lists.isEmpty ? .off : .leaf(lists.map(\.list)),
            name: name,
            now: checks.now
        )
        guard let refusal = try rehearsal.refusal() else { return [] }
        let namesake = authorities.first { authority in
            refusal.reason == .unknownAuthority
                && file.chain.contains { $0.certificate.issuer == authority.certificate.subject }
        }
        if let namesake {
            let message =
                "the authority \(namesake.certificate.subject) in \(namesake.file) has the name of its issuer and another "
                + "key: it was generated anew, or is another one of the same name"
            let command = "openssl verify -CAfile \(ShellWord.of(namesake.file)) \(ShellWord.of(leaf.file))"
            return [
                Finding(
                    id: "path-same-dn-ca-rotation",
                    severity: .error,
                    subject: leaf.subject,
                    message: message,
                    command: command
                )
            ]
        }
        let purpose = role == .client ? "sslclient" : "sslserver"
        var options = "-purpose \(purpose)"
        if role == .server, let name { options += " \(Self.nameOption(name))" }
        if !lists.isEmpty {
            options += " -crl_check" + lists.map { " -CRLfile \(ShellWord.of($0.file))" }.joined()
        }
        let bundles = Set(authorities.map(\.file)).sorted().map { " -trusted \(ShellWord.of($0))" }.joined()
        return [
            Finding(
                id: refusal.reason.failureMode(role),
                severity: .error,
                subject: leaf.subject,
                message: "a peer that trusts these authorities refuses it: \(refusal.message)",
                command: "openssl verify \(options)\(bundles) -untrusted \(ShellWord.of(leaf.file)) "
                    + ShellWord.of(leaf.file)
            )
        ]
    }

    private static func nameOption(_ name: ServerName) -> String {
        let text = name.sni ?? name.description
        return name.sni == nil ? "-verify_ip \(ShellWord.of(text))" : "-verify_hostname \(ShellWord.of(text))"
    }

    private func shared() -> [Finding] {
        authorities.compactMap { placed in
            guard let other = peerAuthorities.first(where: { $0.certificate == placed.certificate }) else { return nil }
            let message =
                "it vouches for both directions: without an extended key usage any server certificate is a client too"
            var finding = placed.finding("id-shared-ca-both-directions", .warning, message, "-fingerprint -sha256")
            finding.command += "; " + other.command("-fingerprint -sha256")
            return finding
        }
    }
}
