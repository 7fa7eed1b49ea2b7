internal import ConformanceModel

/// What must be refused before any byte.
struct ConfigurationRules {
    let facts: ConnectionFacts

    func error(ruling: inout Ruling) -> Outcome? {
        let server = facts.server
        let client = facts.client
        if ruling.holds(.configurationClientCAs, server.clientAuth.verifiesCertificate && server.clientCAs == nil) {
            return .configurationError(.server, reason: "no-client-cas")
        }
        if hasUnpresentableKey(.server), ruling.holds(.configurationMatchingKey) {
            return .configurationError(.server, reason: "mismatched-key")
        }
        if hasUnpresentableKey(.client), ruling.holds(.configurationMatchingKey) {
            return .configurationError(.client, reason: "mismatched-key")
        }
        if ruling.holds(.configurationRootCAs, !client.insecureSkipVerify && client.rootCAs == nil) {
            return .configurationError(.client, reason: "no-root-cas")
        }
        guard let name = client.serverName, !name.isEmpty else {
            return ruling.holds(.configurationServerName, !client.insecureSkipVerify)
                ? .configurationError(.client, reason: "no-server-name") : nil
        }
        return ruling.holds(.configurationInvalidServerName, ReferenceName(name) == .invalid)
            ? .configurationError(.client, reason: "invalid-server-name") : nil
    }

    private func hasUnpresentableKey(_ side: Side) -> Bool {
        let identity = side == .server ? facts.server.identity : facts.client.identity
        guard let credential = facts.credential(identity), !credential.hasMatchingKey else { return false }
        return !StackTraits.of(facts.pairing[side]).presentsMismatchedKeys
    }
}
