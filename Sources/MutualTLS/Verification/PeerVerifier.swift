internal import OpenSSL

/// Judges a peer's certificates: OpenSSL builds and checks the chain, and what Go checks otherwise is checked here.
package struct PeerVerifier: Sendable {
    /// What the certificates must be good for.
    let purpose: Purpose
    let currentTime: @Sendable () -> Timestamp
    let decisions: Decisions

    /// What the certificates of one connection came to.
    package enum Verdict {
        /// A chain from the leaf to its anchor.
        case verified(chain: [Certificate])
        case refused(PeerRefusal)
    }

    /// Verifies, and leaves in the context the code that gives the right alert.
    ///
    /// - Parameters:
    ///   - presented: what the context says that the peer has sent.
    ///   - name: the name that a server is verified by, which the context knows already.
    func verify(
        _ context: borrowing VerificationContext,
        of presented: [Certificate],
        against pool: CertificatePool,
        _ revocation: RevocationSnapshot,
        expecting name: ServerName? = nil
    ) -> Verdict {
        let time = currentTime()
        let result = context.verify(at: time.secondsSinceEpoch, revocation: revocation.check)
        let found = judge(result, at: time, pool: pool)
        let verdict = decisions.verdict(found, on: presented, for: purpose, expecting: name)
        switch verdict {
        case .verified:
            context.setResult(.ok)
        case .refused(let refusal):
            context.setResult(decisions.alertSource(for: refusal.reason))
        }
        return verdict
    }

    private func judge(
        _ result: VerificationResult,
        at time: Timestamp,
        pool: CertificatePool
    ) -> Verdict {
        switch result {
        case .failed(let error, let certificate, let depth):
            return .refused(
                PeerRefusal(
                    reason: PeerRefusal.Reason(error),
                    detail: error.text,
                    certificate: certificate.map { Certificate($0) },
                    depth: depth,
                    time: time
                )
            )
        case .verified(let chain):
            let built = chain.map { Certificate($0) }
            // OpenSSL leaves certificates above a pinned one in its chain, although nobody trusts them.
            guard let anchor = built.lastIndex(where: pool.contains) else {
                return .refused(
                    PeerRefusal(
                        reason: .internalFault,
                        detail: "the chain that was built has no certificate of the pool",
                        certificate: built.first,
                        depth: 0,
                        time: nil
                    )
                )
            }
            let certificates = Array(built[...anchor])
            guard let refusal = purposeRefusal(certificates) ?? keyUsageRefusal(certificates) else {
                return .verified(chain: certificates)
            }
            return .refused(refusal)
        }
    }

    /// Extended key usages nest: what a certificate of the chain doesn't allow, no certificate below it has
    /// (RFC 5280 section 4.2.1.12 read as Go and the CA/Browser Forum read it). Without the extension all is allowed.
    private func purposeRefusal(_ chain: [Certificate]) -> PeerRefusal? {
        for (depth, certificate) in chain.enumerated() where !purpose.isAllowed(by: certificate) {
            let usages = certificate.extendedKeyUsages ?? []
            return PeerRefusal(
                reason: .purpose,
                detail: "expected the extended key usage \(purpose.name) (\(purpose.objectIdentifier)) or none at all, "
                    + "found \(usages.isEmpty ? "an unreadable one" : usages.joined(separator: ", "))",
                certificate: certificate,
                depth: depth,
                time: nil
            )
        }
        return nil
    }

    /// A leaf whose key usage allows none of what a handshake does with its key (RFC 5280 section 4.2.1.3).
    private func keyUsageRefusal(_ chain: [Certificate]) -> PeerRefusal? {
        guard let leaf = chain.first, let usage = leaf.x509.keyUsage,
            usage.isDisjoint(with: purpose.keyUsages)
        else {
            return nil
        }
        return PeerRefusal(
            reason: .keyUsage,
            detail: "expected a key usage with \(purpose.keyUsageNames), found one without",
            certificate: leaf,
            depth: 0,
            time: nil
        )
    }

}

/// What a peer's certificate must be good for, by the role of the one who verifies.
package enum Purpose: Sendable {
    /// A server verifies its clients.
    case clientAuthentication
    /// A client verifies its server.
    case serverAuthentication

    var keyPurpose: KeyPurposes {
        switch self {
        case .clientAuthentication: .clientAuthentication
        case .serverAuthentication: .serverAuthentication
        }
    }

    var objectIdentifier: String {
        switch self {
        case .clientAuthentication: "1.3.6.1.5.5.7.3.2"
        case .serverAuthentication: "1.3.6.1.5.5.7.3.1"
        }
    }

    package var name: String {
        switch self {
        case .clientAuthentication: "clientAuth"
        case .serverAuthentication: "serverAuth"
        }
    }

    /// Whether the extended key usage of a certificate allows it, as no extension and anyExtendedKeyUsage do.
    package func isAllowed(by certificate: Certificate) -> Bool {
        guard certificate.x509.hasExtendedKeyUsageExtension else { return true }
        return !certificate.x509.keyPurposes.isDisjoint(with: [keyPurpose, .any])
    }

    /// One of these is enough. A server's key may also decrypt: the RSA key exchange of TLS 1.2.
    var keyUsages: KeyUsage {
        switch self {
        case .clientAuthentication: [.digitalSignature, .keyAgreement]
        case .serverAuthentication: [.digitalSignature, .keyAgreement, .keyEncipherment]
        }
    }

    var keyUsageNames: String {
        switch self {
        case .clientAuthentication: "digitalSignature or keyAgreement"
        case .serverAuthentication: "digitalSignature, keyAgreement or keyEncipherment"
        }
    }
}
