internal import OpenSSL

/// Judges a peer's certificates: OpenSSL builds and checks the chain, and what Go checks otherwise is checked here.
struct PeerVerifier: Sendable {
    /// What the certificates must be good for.
    let purpose: Purpose
    let currentTime: @Sendable () -> Timestamp
    let mutant: LibraryMutant?

    /// What the certificates of one connection came to.
    enum Verdict {
        /// A chain from the leaf to its anchor.
        case verified(chain: [Certificate])
        case refused(PeerRefusal)
    }

    /// Verifies, and leaves in the context the code that gives the right alert.
    ///
    /// - Parameter presented: what the context says that the peer has sent.
    func verify(
        _ context: borrowing VerificationContext,
        of presented: [Certificate],
        against pool: CertificatePool,
        _ revocation: RevocationSnapshot
    ) -> Verdict {
        let time = currentTime()
        let result = context.verify(
            at: time.secondsSinceEpoch,
            checksTime: mutant != .ignoreExpiry,
            revocation: mutant == .ignoreRevocation ? .none : revocation.check
        )
        let verdict = altered(judge(result, at: time, pool: pool), presented)
        switch verdict {
        case .verified:
            context.setResult(.ok)
        case .refused(let refusal):
            context.setResult(refusal.alertSource(altered: mutant))
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
            guard
                let refusal = purposeRefusal(certificates) ?? keyUsageRefusal(certificates)
                    ?? nameFormRefusal(certificates)
            else {
                return .verified(chain: certificates)
            }
            return .refused(refusal)
        }
    }

    /// Extended key usages nest: what a certificate of the chain doesn't allow, no certificate below it has
    /// (RFC 5280 section 4.2.1.12 read as Go and the CA/Browser Forum read it). Without the extension all is allowed.
    private func purposeRefusal(_ chain: [Certificate]) -> PeerRefusal? {
        if mutant == .ignoreExtendedKeyUsage { return nil }
        let purpose = purpose.altered(by: mutant)
        for (depth, certificate) in chain.enumerated() {
            if !certificate.x509.hasExtendedKeyUsageExtension {
                if mutant != .demandExtendedKeyUsage || depth > 0 { continue }
            }
            let named = certificate.x509.keyPurposes
            if named.contains(purpose.keyPurpose) { continue }
            if named.contains(.any), mutant != .refuseAnyExtendedKeyUsage { continue }
            let usages = certificate.extendedKeyUsages ?? []
            return PeerRefusal(
                reason: .purpose,
                detail: "expected the extended key usage \(purpose.name) (\(purpose.objectIdentifier)) or none at all, "
                    + "found \(usages.isEmpty ? "an unreadable one" : EscapedText.list(usages))",
                certificate: certificate,
                depth: depth,
                time: nil
            )
        }
        return nil
    }

    /// A leaf whose key usage allows none of what a handshake does with its key (RFC 5280 section 4.2.1.3).
    private func keyUsageRefusal(_ chain: [Certificate]) -> PeerRefusal? {
        guard mutant != .ignoreKeyUsage, let leaf = chain.first, let usage = leaf.x509.keyUsage,
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

    /// A leaf with a name that can't be one: bytes outside ASCII in an IA5String (RFC 5280 section 4.2.1.6). Whoever
    /// reads them takes them for different names.
    private func nameFormRefusal(_ chain: [Certificate]) -> PeerRefusal? {
        guard let leaf = chain.first, leaf.x509.hasAlternativeNames, leaf.x509.alternativeNames.hasMalformedName else {
            return nil
        }
        return PeerRefusal(
            reason: .badCertificate,
            detail: "expected ASCII in each name of its subjectAltName (RFC 5280 section 4.2.1.6), found other bytes",
            certificate: leaf,
            depth: 0,
            time: nil
        )
    }

    private func altered(_ verdict: Verdict, _ presented: [Certificate]) -> Verdict {
        guard case .refused(let refusal) = verdict else { return verdict }
        let isWaved = mutant?.waves(refusal, for: purpose) ?? false
        return isWaved ? .verified(chain: Array(presented.prefix(1))) : verdict
    }
}

/// What a peer's certificate must be good for, by the role of the one who verifies.
enum Purpose: Sendable {
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

    var name: String {
        switch self {
        case .clientAuthentication: "clientAuth"
        case .serverAuthentication: "serverAuth"
        }
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
