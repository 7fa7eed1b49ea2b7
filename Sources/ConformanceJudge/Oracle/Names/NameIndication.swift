internal import ConformanceModel

/// What a client sends in server_name, and which identity the server chooses by it (RFC 6066 section 3).
struct NameIndication {
    var server: ServerSettings
    var client: ClientSettings

    /// The name on the wire, or nil for none.
    func sent(ruling: inout Ruling) -> String? {
        if let override = client.sniOverride { return override }
        guard let serverName = client.serverName, !serverName.isEmpty else { return nil }
        switch ReferenceName(serverName) {
        case .host(let host, _): return ruling.holds(.sniSent) ? host : nil
        case .address: return ruling.holds(.sniNoAddress) ? nil : serverName
        case .invalid: return nil
        }
    }

    /// What a server does with the name in a ClientHello.
    enum Choice: Hashable {
        case serve(String?)
        case refuse
    }

    /// - Parameters:
    ///   - name: server_name as received.
    ///   - identity: the default identity's credential.
    ///   - ownNames: the DNS names in its certificate, which even a strict server knows.
    func choice(
        for name: String?,
        default identity: String?,
        ownNames: [String],
        ruling: inout Ruling
    ) -> Choice {
        guard let name = name?.lowercased() else {
            return ruling.holds(.sniAbsent) ? .serve(identity) : .refuse
        }
        let identities = Dictionary(
            server.identitiesByName.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        if let exact = identities[name], ruling.holds(.sniExact) { return .serve(exact) }
        let pattern = name.firstIndex(of: ".").map { "*\(name[$0...])" }
        if let wildcard = pattern.flatMap({ identities[$0] }), ruling.holds(.sniWildcard) { return .serve(wildcard) }
        let isOwnName = ownNames.contains { [name, pattern].contains($0.lowercased()) }
        if server.strictSNI, !isOwnName, ruling.holds(.sniStrict) { return .refuse }
        // Without names of its own a server has nothing to choose from, and the rule decides nothing.
        return identities.isEmpty || ruling.holds(.sniDefault) ? .serve(identity) : .refuse
    }
}
