internal import ConformanceModel

/// Decides one connection in the order of the handshake: settings, server_name, the server's certificate, the
/// client's certificate.
struct HandshakeOracle {
    let facts: ConnectionFacts

    func expectation(ruling: inout Ruling) -> ConnectionExpectation {
        if let outcome = ConfigurationRules(facts: facts).error(ruling: &ruling) {
            return ConnectionExpectation(outcome: outcome, server: SideExpectation(), client: SideExpectation())
        }
        var server = SideExpectation()
        var client = SideExpectation()
        let name = NameIndication(server: facts.server, client: facts.client).sent(ruling: &ruling)
        // How a side tells a name that is no host name is its own affair.
        let isPlain = name.map { ReferenceName($0) != .invalid || facts.client.sniOverride != nil } ?? true
        client.sni = isPlain ? name ?? SideExpectation.none : nil
        server.sni = client.sni

        let hosted = facts.atHost(name, ruling: &ruling)
        let served: CredentialSpecification
        switch facts.choice(for: name, ruling: &ruling) {
        case .serve(let identity):
            guard let credential = facts.credential(identity) else {
                let defect = Defect(rule: .sniDefault, reason: .unrecognizedName)
                return rejected(by: .server, [defect], server: server, client: client, ruling: &ruling)
            }
            served = credential
        case .refuse(let defect):
            return rejected(by: .server, [defect], server: server, client: client, ruling: &ruling)
        }
        if let defect = servingDefect(served, ruling: &ruling) {
            return rejected(by: .server, [defect], server: server, client: client, ruling: &ruling)
        }
        server.presented = served.certificate
        client.received = served.certificate

        var serverFinding = judgeServer(served, ruling: &ruling)
        let late = serverFinding.defects.filter { ruling.refusesLate($0, by: .client) }
        if !serverFinding.isGood, late.count < serverFinding.defects.count {
            serverFinding.defects.removeAll(where: late.contains)
            if hosted.server.clientAuth.requestsCertificate, let held = facts.credential(facts.client.identity) {
                let isHidden = ruling.holds(.serverRejectedBeforeClient, by: .client)
                server.received = isHidden ? SideExpectation.none : held.certificate
            }
            client.verified = false
            return rejected(by: .client, serverFinding.defects, server: server, client: client, ruling: &ruling)
        }
        client.verified = !facts.client.insecureSkipVerify
        client.verifiedChainLength = facts.client.insecureSkipVerify ? 0 : serverFinding.chainLength

        let asked = hosted.asked(by: name, ruling: &ruling)
        let clientRules = ClientAuthRules(facts: asked)
        client.certificateRequested = asked.server.clientAuth.requestsCertificate
        client.acceptableCAs = clientRules.acceptableCAs(ruling: &ruling)
        let presented: CredentialSpecification?
        switch clientRules.presented(ruling: &ruling) {
        case .presents(let credential): presented = credential
        case .refuses(let defect):
            client.verified = nil
            client.verifiedChainLength = nil
            return rejected(by: .client, [defect], server: server, client: client, ruling: &ruling)
        }
        client.presented = presented?.certificate ?? SideExpectation.none
        let clientFinding = clientRules.judge(presented, ruling: &ruling)
        guard clientFinding.defects.isEmpty else {
            server.verified = false
            // What a client had made of its server no longer matters once it is refused itself.
            client.verified = nil
            client.verifiedChainLength = nil
            if presented == nil { server.received = SideExpectation.none }
            if facts.isMisdirected(under: name) { client.certificateRequested = nil }
            if !ruling.holds(.clientHeedsRefusal, by: .client) { client.goesOn = true }
            return rejected(by: .server, clientFinding.defects, server: server, client: client, ruling: &ruling)
        }
        server.received = client.presented
        if !serverFinding.isGood {
            client.verified = false
            client.verifiedChainLength = nil
            return rejected(by: .client, late, server: server, client: client, ruling: &ruling)
        }
        server.verified = clientFinding.isVerified
        server.verifiedChainLength = clientFinding.isVerified ? clientFinding.chainLength : 0
        return ConnectionExpectation(outcome: .accepted, server: server, client: client)
    }

    /// Why a server doesn't answer with a credential: it doesn't sign with such a key, or its client offers nothing to
    /// sign with.
    private func servingDefect(_ served: CredentialSpecification, ruling: inout Ruling) -> Defect? {
        guard let certificate = facts.graph.certificate(served.certificate) else { return nil }
        if let defect = KeyRules(side: .server).signingDefect(certificate, ruling: &ruling) { return defect }
        let isOffered = KeyRules(side: .client).asks(for: certificate, beside: nil, ruling: &ruling)
        return isOffered ? nil : Defect(rule: .keyOtherTypeAsked, reason: .protocol)
    }

    private func judgeServer(_ served: CredentialSpecification, ruling: inout Ruling) -> PathFinding {
        if facts.client.insecureSkipVerify, ruling.holds(.serverSkipVerify, by: .client) {
            return PathFinding(defects: proofDefects(served, ruling: &ruling), chainLength: 0)
        }
        var finding = facts.serverValidation.judge(leaf: served.certificate, sent: served.chain, ruling: &ruling)
        let name = NameIndication(server: facts.server, client: facts.client).expected(ruling: &ruling)
        if let certificate = facts.graph.certificate(served.certificate), let name, !name.isEmpty,
            let defect = ServerNameRules(name: name).defect(of: certificate, ruling: &ruling)
        {
            finding.defects.append(defect)
        }
        finding.defects += proofDefects(served, ruling: &ruling)
        if finding.isGood, let defect = ruling.objection(.serverVerified, .unknownAuthority, by: .client) {
            finding.defects.append(defect)
        }
        return finding
    }

    private func proofDefects(_ credential: CredentialSpecification, ruling: inout Ruling) -> [Defect] {
        let isBroken = credential.corruptsSignature || !credential.hasMatchingKey
        let proof = [ruling.defect(.possession, .badSignature, by: .client, if: isBroken)].compactMap { $0 }
        guard let certificate = facts.graph.certificate(credential.certificate) else { return proof }
        return proof
            + KeyRules(side: .client)
            .handshakeDefects(certificate, chain: facts.chain(of: credential), ruling: &ruling)
    }

    private func rejected(
        by side: Side,
        _ found: [Defect],
        server: SideExpectation,
        client: SideExpectation,
        ruling: inout Ruling
    ) -> ConnectionExpectation {
        // A check that runs when the handshake is over says nothing where the handshake itself ends it.
        let early = found.filter { !ruling.refusesLate($0, by: side) }
        let defects = early.isEmpty ? found : early
        let reasons = Set(defects.map { ruling.reading(of: $0.reason, by: side) }).sorted()
        let isRefusedClient = side == .server && server.presented != nil
        var (server, client) = (server, client)
        if !ruling.holds(.serverSpeaksTLS, by: .client) { client.speaksPlainly = true }
        if side == .client, !ruling.holds(.serverVerifiedFirst, by: .client) { server.goesOn = true }
        var expectation = ConnectionExpectation(
            outcome: .rejected(
                by: side,
                reasons: reasons,
                alerts: early.isEmpty ? [] : alerts(for: defects, by: side, ruling: &ruling),
                noticedByPeer: isRefusedClient ? noticedByRefusedClient(ruling: &ruling) : .handshake
            ),
            server: server,
            client: client
        )
        if early.isEmpty {
            expectation.outcome.noticedByPeer = .firstRead
        } else if side == .client, facts.version == .tls13, ruling.losesAlertOfRefusingClient() {
            expectation.server.alertReceived = SideExpectation.none
        }
        return expectation
    }

    /// The alerts that are right for a refusal; nil for any.
    private func alerts(for defects: [Defect], by side: Side, ruling: inout Ruling) -> [AlertDescription]? {
        let permitted = defects.map { ruling.alerts(for: $0, by: side, in: facts.version) }
        guard permitted.allSatisfy({ $0.alerts != nil }) else { return nil }
        let sets = permitted.compactMap(\.alerts)
        if Set(defects.map(\.reason)).count > 1 {
            // Which of several defects a stack meets first is its own affair, so that their alerts are not asserted,
            // unless it has one answer to each of them.
            let hasOneAnswer = permitted.allSatisfy(\.isStated) && Set(sets).count == 1
            guard hasOneAnswer || !ruling.holds(.pathMultipleDefects, by: side) else { return nil }
        }
        return sets.dropFirst().reduce(sets.first ?? []) { $0.intersection($1) }.sorted()
    }

    private func noticedByRefusedClient(ruling: inout Ruling) -> NoticePoint {
        switch facts.version {
        case .tls13: ruling.holds(.clientNoticesOnFirstRead, by: .client) ? .firstRead : .handshake
        case .tls12: ruling.holds(.clientNoticesInHandshake, by: .client) ? .handshake : .firstRead
        }
    }
}
