internal import OpenSSL

/// Judges a peer's certificates: a chain must pass OpenSSL's checks, and those here, which Go makes otherwise.
package struct PeerVerifier: Sendable {
    /// The purpose that the certificates must have.
    let purpose: Purpose
    let currentTime: @Sendable () -> Timestamp
    let decisions: Decisions

    /// The outcome of verifying the certificates of one connection.
    package enum Verdict {
        /// A chain from the leaf to its anchor.
        case verified(chain: [Certificate])
        case refused(PeerRefusal)
    }

    /// Verifies, and leaves in the context the code that gives the right alert.
    ///
    /// - Parameters:
    ///   - presented: the certificates that the peer has sent, as the context has them.
    ///   - name: the name that a server is verified by, which the context knows already.
    func verify(
        _ context: borrowing VerificationContext,
        of presented: [Certificate],
        against pool: CertificatePool,
        _ revocation: RevocationSnapshot,
        expecting name: ServerName? = nil
    ) -> Verdict {
        let time = currentTime()
        // That of the first chain, which is the one that a refusal is about.
        var unfitness: PeerRefusal?
        let result = context.verify(
            at: time.secondsSinceEpoch,
            revocation: revocation.check,
            against: pool.trustStore
        ) { chain in
            let certificates = chain.map { Certificate($0) }
            let refusal =
                purposeRefusal(certificates) ?? keyUsageRefusal(certificates) ?? nameFormRefusal(certificates)
            unfitness = unfitness ?? refusal
            return refusal == nil
        }
        let found = verdict(result, unfitness, at: time)
        let verdict = decisions.verdict(found, on: presented, for: purpose, expecting: name)
        switch verdict {
        case .verified:
            context.setResult(.ok)
        case .refused(let refusal):
            context.setResult(decisions.alertSource(for: refusal.reason))
        }
        return verdict
    }

    private func verdict(_ result: VerificationResult, _ unfitness: PeerRefusal?, at time: Timestamp) -> Verdict {
        switch result {
        case .verified(let chain):
            return .verified(chain: chain.map { Certificate($0) })
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
        case .unfit:
            guard let unfitness else { preconditionFailure("a chain is unfit for a reason") }
            return .refused(unfitness)
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
                    + "found \(usages.isEmpty ? "an unreadable one" : EscapedText.list(usages))",
                certificate: certificate,
                depth: depth,
                time: nil
            )
        }
        return nil
    }

    /// A leaf whose key may not sign, which it does in every handshake: the key exchanges here are ephemeral
    /// (RFC 5280 section 4.2.1.3, RFC 8446 section 4.4.2.2).
    private func keyUsageRefusal(_ chain: [Certificate]) -> PeerRefusal? {
        guard let leaf = chain.first, let usage = leaf.x509.keyUsage,
            !usage.contains(.digitalSignature)
        else {
            return nil
        }
        return PeerRefusal(
            reason: .keyUsage,
            detail: "expected a key usage with digitalSignature, found one without",
            certificate: leaf,
            depth: 0,
            time: nil
        )
    }

    /// A leaf with a name that can't be one: bytes outside ASCII in an IA5String (RFC 5280 section 4.2.1.6), which two
    /// readers take for different names.
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
}

/// The purpose that a peer's certificate must have, by the role of the verifier.
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
}
