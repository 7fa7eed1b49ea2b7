internal import ConformanceModel

/// The certificate that a client presents in each ClientAuth mode, and the server's judgement of it.
struct ClientAuthRules {
    let facts: ConnectionFacts

    /// The result of the server's check of the client.
    struct Finding {
        var defects: [Defect] = []
        var isVerified = false
        var chainLength: Int?
    }

    /// The client's answer to the server's request.
    enum Presentation {
        /// The credential that it presents; nil for an empty Certificate message or none at all.
        case presents(CredentialSpecification?)
        /// It ends the handshake instead of presenting what it holds.
        case refuses(Defect)
    }

    /// The entries whose subjects are in the CertificateRequest, sorted; nil when there is no request.
    func acceptableCAs(ruling: inout Ruling) -> [String]? {
        guard facts.server.clientAuth.requestsCertificate else { return nil }
        let subjects = Set(listedPool(ruling: &ruling).map(facts.graph.subject))
        if subjects.isEmpty { return [] }
        return facts.pki.certificates.keys.filter { subjects.contains(facts.graph.subject(of: $0)) }.sorted()
    }

    /// The certificates whose subjects the server lists.
    private func listedPool(ruling: inout Ruling) -> [String] {
        let pool = facts.server.clientCAs ?? []
        let isListed = facts.server.acceptableCANames == .derived && !pool.isEmpty
        let lists =
            isListed
            ? ruling.holds(.acceptableCAsDerived, by: .server) : !ruling.holds(.acceptableCAsOmitted, by: .server)
        return lists ? pool : []
    }

    /// The credential that the client presents.
    func presented(ruling: inout Ruling) -> Presentation {
        guard facts.server.clientAuth.requestsCertificate else {
            let presentsNothing = ruling.holds(.clientNotRequested, by: .client)
            return .presents(presentsNothing ? nil : facts.credential(facts.client.identity))
        }
        guard let credential = facts.credential(facts.client.identity),
            let certificate = facts.graph.certificate(credential.certificate)
        else { return .presents(nil) }
        let keys = KeyRules(side: .client)
        let pool = facts.client.presents == .matching ? listedPool(ruling: &ruling) : []
        if !pool.isEmpty {
            let listed = Set(pool.map(facts.graph.subject))
            let isListed = ([credential.certificate] + credential.chain).contains { name in
                listed.contains(facts.graph.issuerSubject(of: name))
            }
            if ruling.holds(.clientWithholds, by: .client, !isListed) { return .presents(nil) }
            if keys.lacksSignature(certificate), !ruling.holds(.keyUsageSelected, by: .client) {
                return .presents(nil)
            }
        }
        let served = facts.credential(facts.server.identity).flatMap { facts.graph.certificate($0.certificate) }
        guard KeyRules(side: .server).asks(for: certificate, beside: served, ruling: &ruling) else {
            return givesUpUnasked ? .refuses(Defect(rule: .keyOtherTypeAsked, reason: .protocol)) : .presents(nil)
        }
        if let defect = keys.signingDefect(certificate, ruling: &ruling) { return .refuses(defect) }
        guard ruling.holds(.clientPresents, by: .client) else { return .presents(nil) }
        var presented = credential
        if !credential.chain.isEmpty, !ruling.holds(.clientPresentsChain, by: .client) { presented.chain = [] }
        return .presents(presented)
    }

    private var givesUpUnasked: Bool {
        facts.version == .tls12 && facts.client.presents == .always
            && StackTraits.of(facts.pairing.client).givesUpUnaskedKeys
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
        ruling.holds(rule, by: .server) ? Finding() : Finding(defects: [Defect(rule: rule, reason: .noCertificate)])
    }

    private func missing(_ rule: Rule, ruling: inout Ruling) -> Finding {
        Finding(defects: [ruling.defect(rule, .noCertificate, by: .server)].compactMap { $0 })
    }

    private func unverified(_ credential: CredentialSpecification, by rule: Rule, ruling: inout Ruling) -> Finding {
        guard ruling.holds(rule, by: .server) else { return check(credential, ruling: &ruling) }
        let proof = proofDefects(credential, ruling: &ruling)
        guard proof.isEmpty, facts.server.clientAuth == .requestClientCert else { return Finding(defects: proof) }
        // What a stack that verifies all the same would find is looked at behind the rules that tell of it.
        var scratch = ruling.scratch
        let found = facts.clientValidation.judge(
            leaf: credential.certificate,
            sent: credential.chain,
            ruling: &scratch
        )
        let forgiven: Set<Rule> = [
            .pathUnknownAuthority, .pathSelfSigned, .pathEmptyPool, .pathPinnedLeaf, .pathPinnedLeafWithIssuers,
        ]
        let grave = found.defects.filter { !forgiven.contains($0.rule) }
        let refuses = !grave.isEmpty && !ruling.holds(.clientRequestDefective, by: .server)
        let tells = found.isGood && !ruling.holds(.clientRequestTells, by: .server)
        if refuses || tells { ruling.absorb(scratch) } else { ruling.absorbQuestions(of: scratch) }
        return Finding(defects: refuses ? grave : [], isVerified: tells, chainLength: found.chainLength)
    }

    private func verified(_ credential: CredentialSpecification, by rule: Rule, ruling: inout Ruling) -> Finding {
        guard ruling.holds(rule, by: .server) else {
            return Finding(defects: proofDefects(credential, ruling: &ruling))
        }
        return check(credential, ruling: &ruling)
    }

    private func check(_ credential: CredentialSpecification, ruling: inout Ruling) -> Finding {
        let path = facts.clientValidation.judge(leaf: credential.certificate, sent: credential.chain, ruling: &ruling)
        let defects = path.defects + proofDefects(credential, ruling: &ruling)
        return Finding(defects: defects, isVerified: defects.isEmpty, chainLength: path.chainLength)
    }

    /// The proof of possession is checked in every mode that asks for a certificate: it is part of the handshake, as is
    /// whatever a stack wants of the key and of the certificate to read it.
    private func proofDefects(_ credential: CredentialSpecification, ruling: inout Ruling) -> [Defect] {
        let isBroken = credential.corruptsSignature || !credential.hasMatchingKey
        let proof = [ruling.defect(.possession, .badSignature, by: .server, if: isBroken)].compactMap { $0 }
        guard let certificate = facts.graph.certificate(credential.certificate) else { return proof }
        return proof
            + KeyRules(side: .server)
            .handshakeDefects(certificate, chain: facts.chain(of: credential), ruling: &ruling)
    }
}

/// Settings that must be refused before any byte.
struct ConfigurationRules {
    let facts: ConnectionFacts

    func error(ruling: inout Ruling) -> Outcome? {
        let server = facts.server
        let client = facts.client
        if ruling.holds(
            .configurationClientCAs,
            by: .server,
            server.clientAuth.verifiesCertificate && server.clientCAs == nil
        ) {
            return .configurationError(.server, reason: "no-client-cas")
        }
        for side in Side.allCases {
            if let outcome = identityError(side, ruling: &ruling) { return outcome }
        }
        if ruling.holds(.configurationRootCAs, by: .client, !client.insecureSkipVerify && client.rootCAs == nil) {
            return .configurationError(.client, reason: "no-root-cas")
        }
        return nameError(ruling: &ruling)
    }

    private func identityError(_ side: Side, ruling: inout Ruling) -> Outcome? {
        if hasUnpresentableKey(side), ruling.holds(.configurationMatchingKey, by: side) {
            return .configurationError(side, reason: "mismatched-key")
        }
        let identity = side == .server ? facts.server.identity : facts.client.identity
        guard let credential = facts.credential(identity),
            let certificate = facts.graph.certificate(credential.certificate)
        else { return nil }
        let defect = KeyRules(side: side)
            .loadingDefect(certificate, chain: facts.chain(of: credential), ruling: &ruling)
        guard let defect else { return nil }
        // How a stack words what it can't load is its own affair, unless its profile says it.
        let reasons = [ruling.statedReason(of: defect.rule, by: side)].compactMap { $0 }
        return Outcome(decision: .configurationError, by: side, reasons: reasons)
    }

    private func nameError(ruling: inout Ruling) -> Outcome? {
        let client = facts.client
        guard let name = client.serverName, !name.isEmpty else {
            if client.insecureSkipVerify {
                let isRefused = client.serverName != nil && !ruling.holds(.configurationEmptyServerName, by: .client)
                return isRefused ? .configurationError(.client, reason: "no-server-name") : nil
            }
            return ruling.holds(.configurationServerName, by: .client)
                ? .configurationError(.client, reason: "no-server-name") : nil
        }
        let invalid = Outcome.configurationError(.client, reason: "invalid-server-name")
        if InternationalName.isOne(name) {
            guard ruling.holds(.configurationUnicodeUnconverted, by: .client) else { return nil }
            return ruling.holds(.configurationUnicodeServerName, by: .client) ? invalid : nil
        }
        if ReferenceName.isBracketed(name) {
            return ruling.holds(.configurationBrackets, by: .client) ? nil : invalid
        }
        return ruling.holds(.configurationInvalidServerName, by: .client, ReferenceName(name) == .invalid)
            ? invalid : nil
    }

    private func hasUnpresentableKey(_ side: Side) -> Bool {
        let identity = side == .server ? facts.server.identity : facts.client.identity
        guard let credential = facts.credential(identity), !credential.hasMatchingKey else { return false }
        return !StackTraits.of(facts.pairing[side]).presentsMismatchedKeys
    }
}
