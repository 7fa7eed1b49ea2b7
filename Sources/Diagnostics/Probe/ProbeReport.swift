package import ConformanceModel

/// The results of a probe, as `probe --json` writes them.
package struct ProbeReport: Encodable {
    struct NameResult: Encodable {
        /// The name that was sent as server_name; nil for none.
        var sent: String?
        /// How it was sent, where that isn't as usual.
        var form: String?
        /// The mode that the server runs under this name; nil when that isn't known.
        var mode: ClientAuthMode?
        /// Whether a client with a self-signed certificate of nobody got in; nil when none was tried.
        var isStrangerAccepted: Bool?
        /// The application's answer, to tell whether it is that of the strict name.
        var answer: ApplicationAnswer?
        /// `accepted`, or how it was refused.
        var outcome: String
        /// Whether a client without a certificate got in under this name; nil when that isn't known.
        var accepted: Bool?
        /// The certificate that was served.
        var sha256: String?
        var commonName: String?
        var dnsNames: [String]

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(sent, forKey: .sent)
            try container.encodeIfPresent(form, forKey: .form)
            try container.encode(mode, forKey: .mode)
            try container.encode(outcome, forKey: .outcome)
            try container.encode(accepted, forKey: .accepted)
            try container.encode(sha256, forKey: .sha256)
            try container.encode(commonName, forKey: .commonName)
            try container.encode(dnsNames, forKey: .dnsNames)
        }

        private enum CodingKeys: CodingKey {
            case sent, form, mode, outcome, accepted, sha256, commonName, dnsNames
        }
    }

    struct Resumption: Encodable {
        /// Whether the server resumed a session under the name that it was made under; nil when it gave none.
        var sameName: Bool?
        /// Whether it resumed it under another name.
        var otherName: Bool?
        /// Whether a session of another name let a client without a certificate in, which a full handshake didn't.
        var bypassesClientAuth: Bool

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(sameName, forKey: .sameName)
            try container.encode(otherName, forKey: .otherName)
            try container.encode(bypassesClientAuth, forKey: .bypassesClientAuth)
        }

        private enum CodingKeys: CodingKey {
            case sameName, otherName, bypassesClientAuth
        }
    }

    struct IdentityResult: Encodable {
        var accepted: Bool
        /// `handshake` or `read`: where a refusal showed.
        var phase: String?
        var outcome: String
    }

    struct Modes: Encodable {
        var tls12: ClientAuthMode?
        var tls13: ClientAuthMode?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(tls12, forKey: .tls12)
            try container.encode(tls13, forKey: .tls13)
        }

        private enum CodingKeys: String, CodingKey {
            case tls12 = "1.2"
            case tls13 = "1.3"
        }
    }

    var target: String
    var modes = Modes()
    /// The versions in which no mode was told, and the server didn't say that it doesn't speak them.
    var undecided: [ProtocolVersion] = []
    var evidence: [String] = []
    var caNames: [String] = []
    var sni: [NameResult] = []
    var resumption: Resumption?
    var identity: IdentityResult?
    var findings: [Finding] = []

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(target, forKey: .target)
        try container.encode(modes, forKey: .modes)
        try container.encode(undecided, forKey: .undecided)
        try container.encode(evidence, forKey: .evidence)
        try container.encode(caNames, forKey: .caNames)
        try container.encode(sni, forKey: .sni)
        try container.encode(resumption, forKey: .resumption)
        try container.encode(identity, forKey: .identity)
        try container.encode(findings, forKey: .findings)
    }

    private enum CodingKeys: CodingKey {
        case target, modes, undecided, evidence, caNames, sni, resumption, identity, findings
    }
}

extension ProbeReport {
    package enum Answer: Hashable, Sendable {
        /// Every version that the server speaks runs the mode; without one, some version's mode was told.
        case asExpected
        /// Another mode, or a way round client authentication.
        case otherwise
        /// Some version's mode can't be told.
        case undecided
    }

    /// The answer of the report to an expected mode.
    package func answer(to mode: ClientAuthMode?) -> Answer {
        let told = [modes.tls12, modes.tls13].compactMap(\.self)
        if findings.contains(where: { Self.holes.contains($0.id) && $0.severity == .error }) { return .otherwise }
        guard let mode else { return told.isEmpty ? .otherwise : .asExpected }
        if told.contains(where: { $0 != mode }) { return .otherwise }
        return told.isEmpty || !undecided.isEmpty ? .undecided : .asExpected
    }

    /// Failure modes by which a client gets round client authentication.
    private static let holes: Set<String> = [
        "res-cross-vhost", "sni-absent-skips-client-auth", "sni-case-and-wildcard-lookup",
        "sni-fragmented-clienthello",
    ]
}

extension ProbeReport: CustomStringConvertible {
    package var description: String {
        var lines = ["\(target)"]
        for (version, mode) in [(ProtocolVersion.tls12, modes.tls12), (.tls13, modes.tls13)] {
            let missing = undecided.contains(version) ? "no mode can be told" : "the server doesn't speak it"
            lines.append("  TLS \(version.rawValue): \(mode?.rawValue ?? missing)")
        }
        lines += evidence.map { "  \(SingleLine.of($0))" }
        if !caNames.isEmpty { lines.append("  CA names: " + caNames.map { SingleLine.of($0) }.joined(separator: "; ")) }
        for result in sni {
            let name = result.sent.map { "server_name \(SingleLine.of($0))" } ?? "no server_name"
            let served = result.sha256.map { "certificate \($0.prefix(16))… " } ?? "no certificate "
            let names = result.dnsNames.isEmpty ? result.commonName ?? "" : result.dnsNames.joined(separator: ", ")
            let form = result.form.map { " \($0)" } ?? ""
            let mode = result.mode.map { "\($0.rawValue), " } ?? ""
            lines.append("  \(name)\(form): \(served)\(SingleLine.of(names)), \(mode)\(result.outcome)")
        }
        if let resumption { lines.append("  resumption: \(resumption.words)") }
        if let identity { lines.append("  your identity: \(identity.outcome)") }
        return (lines + findings.map { "  \($0)" }).joined(separator: "\n")
    }
}

extension ProbeReport.Resumption {
    fileprivate var words: String {
        guard let sameName else { return "the server gave no session" }
        let other = otherName.map { $0 ? ", and under another name" : ", and not under another name" } ?? ""
        let bypass = bypassesClientAuth ? "; a session of another name goes round client authentication" : ""
        return (sameName ? "under the same name" : "not even under the same name") + other + bypass
    }
}
