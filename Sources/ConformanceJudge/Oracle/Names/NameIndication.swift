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
        guard let received = name?.lowercased() else {
            return ruling.holds(.sniAbsent, by: .server) ? .serve(identity) : .refuse(unknown)
        }
        if let defect = readingDefect(of: received, ruling: &ruling) { return .refuse(defect) }
        // The dot makes a name absolute, and with it it is the same host.
        let name = received.count > 1 && received.hasSuffix(".") ? String(received.dropLast()) : received
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
        // A server with one identity and a name of its certificate has nothing to choose from.
        if identities.isEmpty, isOwnName { return .serve(identity) }
        return ruling.holds(.sniDefault, by: .server) ? .serve(identity) : .refuse(unknown)
    }

    /// The defect that a server which reads host names alone finds in another text.
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

/// A host name with letters outside of ASCII (RFC 5890), as users write it.
enum InternationalName {
    static func isOne(_ text: String) -> Bool { text.utf8.contains { $0 >= 0x80 } }

    /// The name with each such label as an A-label, lower case letters taken as they are.
    static func ascii(_ text: String) -> String {
        text.split(separator: ".", omittingEmptySubsequences: false)
            .map { label in
                isOne(String(label)) ? "xn--" + punycode(Array(label.lowercased().unicodeScalars)) : String(label)
            }
            .joined(separator: ".")
    }

    /// The encoding of RFC 3492 section 6.3.
    private static func punycode(_ scalars: [Unicode.Scalar]) -> String {
        var output = String(String.UnicodeScalarView(scalars.filter(\.isASCII)))
        let basic = output.unicodeScalars.count
        if basic > 0 { output += "-" }
        var (n, delta, bias, handled) = (128, 0, 72, basic)
        while handled < scalars.count {
            guard let next = scalars.map({ Int($0.value) }).filter({ $0 >= n }).min() else { break }
            delta += (next - n) * (handled + 1)
            n = next
            for scalar in scalars {
                if scalar.value < n { delta += 1 }
                guard scalar.value == n else { continue }
                var (q, k) = (delta, 36)
                while true {
                    let t = k <= bias ? 1 : min(k - bias, 26)
                    if q < t { break }
                    output.unicodeScalars.append(digit(t + (q - t) % (36 - t)))
                    q = (q - t) / (36 - t)
                    k += 36
                }
                output.unicodeScalars.append(digit(q))
                bias = adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return output
    }

    private static func digit(_ value: Int) -> Unicode.Scalar {
        Unicode.Scalar(UInt8(value < 26 ? 97 + value : 22 + value))
    }

    private static func adapted(_ delta: Int, _ points: Int, isFirst: Bool) -> Int {
        var (delta, k) = (isFirst ? delta / 700 : delta / 2, 0)
        delta += delta / points
        while delta > 455 {
            delta /= 35
            k += 36
        }
        return k + 36 * delta / (delta + 38)
    }
}
