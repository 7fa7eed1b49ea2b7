internal import ConformanceModel

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
