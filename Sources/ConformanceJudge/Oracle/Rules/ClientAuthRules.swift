internal import ConformanceModel

/// What a client presents in each ClientAuth mode, and what the server makes of it.
struct ClientAuthRules {
    let facts: ConnectionFacts

    /// What the server's check of the client ended with.
    struct Finding {
        var defects: [Defect] = []
        var isVerified = false
        var chainLength: Int?
    }

    /// The entries whose subjects are in the CertificateRequest, sorted; nil when there is no request.
    func acceptableCAs(ruling: inout Ruling) -> [String]? {
        guard facts.server.clientAuth.requestsCertificate else { return nil }
        let pool = facts.server.clientCAs ?? []
        let isListed = facts.server.acceptableCANames == .derived && !pool.isEmpty
        if isListed ? !ruling.holds(.acceptableCAsDerived) : ruling.holds(.acceptableCAsOmitted) { return [] }
        let subjects = Set(pool.map(facts.graph.subject))
        return facts.pki.certificates.keys.filter { subjects.contains(facts.graph.subject(of: $0)) }.sorted()
    }

    /// The credential that the client presents, or nil for an empty Certificate message or none at all.
    func presented(ruling: inout Ruling) -> CredentialSpecification? {
        guard facts.server.clientAuth.requestsCertificate else {
            return ruling.holds(.clientNotRequested) ? nil : facts.credential(facts.client.identity)
        }
        guard let credential = facts.credential(facts.client.identity) else { return nil }
        let pool = facts.server.acceptableCANames == .derived ? facts.server.clientCAs ?? [] : []
        guard facts.client.presents == .matching, !pool.isEmpty else { return credential }
        let listed = Set(pool.map(facts.graph.subject))
        let isListed = ([credential.certificate] + credential.chain).contains { name in
            listed.contains(facts.graph.issuerSubject(of: name))
        }
        return ruling.holds(.clientWithholds, !isListed) ? nil : credential
    }

    func judge(_ presented: CredentialSpecification?, ruling: inout Ruling) -> Finding {
        switch facts.server.clientAuth {
        case .noClientCert:
            Finding()
        case .requestClientCert:
            presented.map { unverified($0, by: .clientRequestUnverified, ruling: &ruling) }
                ?? optional(.clientRequestOptional, ruling: &ruling)
        case .requireAnyClientCert:
            presented.map { unverified($0, by: .clientRequireAnyUnverified, ruling: &ruling) }
                ?? missing(.clientRequireAnyMissing, ruling: &ruling)
        case .verifyClientCertIfGiven:
            presented.map { verified($0, by: .clientVerifyIfGivenVerifies, ruling: &ruling) }
                ?? optional(.clientVerifyIfGivenOptional, ruling: &ruling)
        case .requireAndVerifyClientCert:
            presented.map { verified($0, by: .clientRequireAndVerifyVerifies, ruling: &ruling) }
                ?? missing(.clientRequireAndVerifyMissing, ruling: &ruling)
        }
    }

    private func optional(_ rule: Rule, ruling: inout Ruling) -> Finding {
        ruling.holds(rule) ? Finding() : Finding(defects: [Defect(reason: .noCertificate)])
    }

    private func missing(_ rule: Rule, ruling: inout Ruling) -> Finding {
        Finding(defects: [ruling.defect(rule, .noCertificate)].compactMap { $0 })
    }

    private func unverified(_ credential: CredentialSpecification, by rule: Rule, ruling: inout Ruling) -> Finding {
        guard ruling.holds(rule) else { return check(credential, ruling: &ruling) }
        return Finding(defects: proofDefects(credential, ruling: &ruling))
    }

    private func verified(_ credential: CredentialSpecification, by rule: Rule, ruling: inout Ruling) -> Finding {
        guard ruling.holds(rule) else { return Finding(defects: proofDefects(credential, ruling: &ruling)) }
        return check(credential, ruling: &ruling)
    }

    private func check(_ credential: CredentialSpecification, ruling: inout Ruling) -> Finding {
        let path = facts.clientValidation.judge(leaf: credential.certificate, sent: credential.chain, ruling: &ruling)
        let defects = path.defects + proofDefects(credential, ruling: &ruling)
        return Finding(defects: defects, isVerified: defects.isEmpty, chainLength: path.chainLength)
    }

    /// The proof of possession is checked in every mode that asks for a certificate: it is part of the handshake.
    private func proofDefects(_ credential: CredentialSpecification, ruling: inout Ruling) -> [Defect] {
        let isBroken = credential.corruptsSignature || !credential.hasMatchingKey
        return [ruling.defect(.possession, .badSignature, if: isBroken)].compactMap { $0 }
    }

}
