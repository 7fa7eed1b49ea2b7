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
        client.sni = name ?? SideExpectation.none
        server.sni = client.sni

        guard
            case .serve(let identity) = facts.choice(for: name, ruling: &ruling),
            let served = facts.credential(identity)
        else {
            let defect = ruling.defect(.sniStrict, .unrecognizedName) ?? Defect(reason: .unrecognizedName)
            return rejected(by: .server, [defect], server: server, client: client, ruling: &ruling)
        }
        server.presented = served.certificate
        client.received = served.certificate

        let serverFinding = judgeServer(served, ruling: &ruling)
        if !serverFinding.isGood {
            if facts.server.clientAuth.requestsCertificate, let held = facts.credential(facts.client.identity) {
                let isHidden = ruling.holds(.serverRejectedBeforeClient)
                server.received = isHidden ? SideExpectation.none : held.certificate
            }
            client.verified = false
            return rejected(by: .client, serverFinding.defects, server: server, client: client, ruling: &ruling)
        }
        client.verified = !facts.client.insecureSkipVerify
        client.verifiedChainLength = facts.client.insecureSkipVerify ? 0 : serverFinding.chainLength

        let clientRules = ClientAuthRules(facts: facts)
        client.certificateRequested = facts.server.clientAuth.requestsCertificate
        client.acceptableCAs = clientRules.acceptableCAs(ruling: &ruling)
        let presented = clientRules.presented(ruling: &ruling)
        client.presented = presented?.certificate ?? SideExpectation.none
        let clientFinding = clientRules.judge(presented, ruling: &ruling)
        guard clientFinding.defects.isEmpty else {
            server.verified = false
            // What a client had made of its server no longer matters once it is refused itself.
            client.verified = nil
            client.verifiedChainLength = nil
            if presented == nil { server.received = SideExpectation.none }
            return rejected(by: .server, clientFinding.defects, server: server, client: client, ruling: &ruling)
        }
        server.received = client.presented
        server.verified = clientFinding.isVerified
        server.verifiedChainLength = clientFinding.isVerified ? clientFinding.chainLength : 0
        return ConnectionExpectation(outcome: .accepted, server: server, client: client)
    }

    private func judgeServer(_ served: CredentialSpecification, ruling: inout Ruling) -> PathFinding {
        if facts.client.insecureSkipVerify, ruling.holds(.serverSkipVerify) {
            return PathFinding(defects: proofDefects(served, ruling: &ruling), chainLength: 0)
        }
        var finding = facts.serverValidation.judge(leaf: served.certificate, sent: served.chain, ruling: &ruling)
        if let certificate = facts.graph.certificate(served.certificate), let name = facts.client.serverName,
            let defect = ServerNameRules(reference: ReferenceName(name)).defect(of: certificate, ruling: &ruling)
        {
            finding.defects.append(defect)
        }
        finding.defects += proofDefects(served, ruling: &ruling)
        if finding.isGood, !ruling.holds(.serverVerified) { finding.defects.append(Defect(reason: .unknownAuthority)) }
        return finding
    }

    private func proofDefects(_ credential: CredentialSpecification, ruling: inout Ruling) -> [Defect] {
        let isBroken = credential.corruptsSignature || !credential.hasMatchingKey
        return [ruling.defect(.possession, .badSignature, if: isBroken)].compactMap { $0 }
    }

    private func rejected(
        by side: Side,
        _ defects: [Defect],
        server: SideExpectation,
        client: SideExpectation,
        ruling: inout Ruling
    ) -> ConnectionExpectation {
        let reasons = Set(defects.map(\.reason.rawValue)).sorted()
        // Which of several defects a stack meets first is its own affair, so that their alerts are not asserted.
        let isOpen = reasons.count > 1 && ruling.holds(.pathMultipleDefects)
        let alertSets = defects.map { $0.alerts(in: facts.version) }
        let common = alertSets.dropFirst().reduce(alertSets.first ?? []) { $0.intersection($1) }
        let isRefusedClient = side == .server && server.presented != nil
        return ConnectionExpectation(
            outcome: .rejected(
                by: side,
                reasons: reasons,
                alerts: isOpen ? nil : common.sorted(),
                noticedByPeer: isRefusedClient ? noticedByRefusedClient(ruling: &ruling) : .handshake
            ),
            server: server,
            client: client
        )
    }

    private func noticedByRefusedClient(ruling: inout Ruling) -> NoticePoint {
        switch facts.version {
        case .tls13: ruling.holds(.clientNoticesOnFirstRead) ? .firstRead : .handshake
        case .tls12: ruling.holds(.clientNoticesInHandshake) ? .handshake : .firstRead
        }
    }
}
