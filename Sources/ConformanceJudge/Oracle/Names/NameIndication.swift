internal import ConformanceModel

/// The server_name that a client sends, and the identity that the server chooses by it (RFC 6066 section 3).
struct NameIndication {
    var server: ServerSettings
    var client: ClientSettings

    /// The name on the wire, or nil for none.
    func sent(ruling: inout Ruling) -> String? {
        // An empty one leaves the extension out.
        if let override = client.sniOverride { return override.isEmpty ? nil : override }
        guard let serverName = expected(ruling: &ruling), !serverName.isEmpty else { return nil }
        switch ReferenceName(serverName) {
        case .host(let host, let hadTrailingDot):
            guard ruling.holds(.sniSent, by: .client) else { return nil }
            return !hadTrailingDot || ruling.holds(.sniTrailingDot, by: .client) ? host : serverName
        case .address:
            let rule: Rule = ReferenceName.isBracketed(serverName) ? .sniNoBracketedAddress : .sniNoAddress
            return ruling.holds(rule, by: .client) ? nil : serverName
        // Only a client that takes such a text for a name comes here.
        case .invalid: return serverName
        }
    }

    /// The name that the client expects, as it reads its user's text.
    func expected(ruling: inout Ruling) -> String? {
        guard let name = client.serverName, InternationalName.isOne(name) else { return client.serverName }
        return ruling.holds(.configurationUnicodeUnconverted, by: .client) ? name : InternationalName.ascii(name)
    }

    /// The server's choice for the name in a ClientHello.
    enum Choice: Hashable {
        case serve(String?)
        case refuse(Defect)

        var identity: String? {
            if case .serve(let identity) = self { identity } else { nil }
        }
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
        let unknown = Defect(rule: .sniDefault, reason: .unrecognizedName)
        guard let name = name?.lowercased() else {
            return ruling.holds(.sniAbsent, by: .server) ? .serve(identity) : .refuse(unknown)
        }
        if let defect = readingDefect(of: name, ruling: &ruling) { return .refuse(defect) }
        let identities = Dictionary(
            server.identitiesByName.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        if let exact = identities[name], ruling.holds(.sniExact, by: .server) { return .serve(exact) }
        let pattern = name.firstIndex(of: ".").map { "*\(name[$0...])" }
        if let wildcard = pattern.flatMap({ identities[$0] }), ruling.holds(.sniWildcard, by: .server) {
            return .serve(wildcard)
        }
        let isOwnName = ownNames.contains { [name, pattern].contains($0.lowercased()) }
        if server.strictSNI, !isOwnName, let defect = ruling.defect(.sniStrict, .unrecognizedName, by: .server) {
            return .refuse(defect)
        }
        // Without names of its own a server has nothing to choose from, and the rule decides nothing.
        return identities.isEmpty || ruling.holds(.sniDefault, by: .server) ? .serve(identity) : .refuse(unknown)
    }

    /// What a server that reads host names alone finds wrong with another text.
    private func readingDefect(of name: String, ruling: inout Ruling) -> Defect? {
        let isAddress = ReferenceName(name).isAddress && !ReferenceName.isBracketed(name)
        let isOther = !isAddress && !name.utf8.allSatisfy(isCommon)
        let hasTrailingDot = name.count > 1 && name.hasSuffix(".")
        let questions: [(Rule, Bool)] = [
            (.sniReadsAddress, isAddress),
            (.sniReadsUnderscore, name.contains("_")),
            (.sniReadsOtherCharacters, isOther),
            (.sniReadsTrailingDot, hasTrailingDot),
        ]
        for (rule, condition) in questions {
            if let defect = ruling.objection(
                rule,
                .protocol,
                by: .server,
                if: condition,
                alert: .illegalParameter
            ) {
                return defect
            }
        }
        return nil
    }

    private func isCommon(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
