internal import MutualTLS
internal import OpenSSL

/// What `doctor` was given, sorted into roles, and everything that is found in it.
struct Examination {
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
    var role: CertificateChecks.Role?
    var name: ServerName?
    var checks: CertificateChecks
    /// What was found while the files were read.
    var early: [Finding] = []

    /// Errors first, then by file; nothing stands twice.
    func findings() throws -> [Finding] {
        let stale = ListChecks(lists: lists, certificates: identities.flatMap(\.chain), now: checks.now).findings()
        var findings = early
        for identity in identities {
            guard let leaf = identity.chain.first else { continue }
            let role = role ?? CertificateChecks.Role(guessedFrom: leaf.certificate)
            let found = IdentityChecks(
                chain: identity.chain,
                key: identity.key,
                authorities: authorities,
                checks: checks,
                role: role
            ).findings()
            findings += found
            guard !(early + found + stale).contains(where: { $0.severity == .error }) else { continue }
            findings += try rehearse(identity, leaf, role)
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
        let bundle = ShellWord.of(authorities.first?.file ?? "")
        let purpose = role == .client ? "sslclient" : "sslserver"
        return [
            Finding(
                id: refusal.reason.failureMode(role),
                severity: .error,
                subject: leaf.subject,
                message: "a peer that trusts these authorities refuses it: \(refusal.message)",
                command: "openssl verify -purpose \(purpose) -CAfile \(bundle) -untrusted "
                    + "\(ShellWord.of(leaf.file)) \(ShellWord.of(leaf.file))"
            )
        ]
    }

    private func shared() -> [Finding] {
        let peers = Set(peerAuthorities.map(\.certificate))
        return authorities.filter { peers.contains($0.certificate) }.map { placed in
            let message =
                "it vouches for both directions: without an extended key usage any server certificate is a client too"
            return placed.finding("id-shared-ca-both-directions", .warning, message, "-subject")
        }
    }
}
