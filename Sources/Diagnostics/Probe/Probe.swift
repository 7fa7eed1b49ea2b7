internal import ConformanceModel
internal import Glibc
package import MutualTLS
internal import OpenSSL
internal import ThrowawayPKI

/// A look at a live server: a dozen handshakes or so, one after the other.
package struct Probe {
    var prober: Prober
    var target: String
    /// The name that is sent as server_name where nothing else is asked; nil for an address.
    var name: String?
    /// The user's identity, to be tried as well.
    var identity: Identity?
    var now: Timestamp

    /// - Parameters:
    ///   - prober: makes the handshakes.
    ///   - target: the server as the user named it.
    ///   - name: what is sent as server_name; nil sends none.
    ///   - identity: an identity of the user's, to be tried as well.
    package init(prober: Prober, target: String, name: String?, identity: Identity?, now: Timestamp) {
        self.prober = prober
        self.target = target
        self.name = name
        self.identity = identity
        self.now = now
    }

    package func run() throws -> ProbeReport {
        var report = ProbeReport(target: target)
        let stranger = try Self.stranger(now: now)
        var tried: [ProtocolVersion: (none: Attempt, stranger: Attempt)] = [:]
        for version in ProtocolVersion.allCases {
            var none = try attempt(version, nil, name: name)
            if case .unreachable(let reason) = none.ending {
                throw DiagnosticsError.peer(reason)
            }
            guard none.speaksVersion else {
                if !none.declinesVersion { report.undecided.append(version) }
                report.evidence.append("TLS \(version.rawValue): \(none)")
                if case .notTLS = none.ending { report.findings.append(plaintext(none)) }
                continue
            }
            // A server that is only starting may need longer than that for its first handshake, and not for the next.
            if case .stalled(hasServerHello: true) = none.ending { none = try attempt(version, nil, name: name) }
            let selfSigned = try attempt(version, stranger, name: name)
            let again = try attempt(version, nil, name: name)
            let inference = ModeInference(version: version, none: none, stranger: selfSigned, again: again)
            report.evidence += inference.evidence
            if inference.mode == nil { report.undecided.append(version) }
            switch version {
            case .tls12: report.modes.tls12 = inference.mode
            case .tls13: report.modes.tls13 = inference.mode
            }
            tried[version] = (none, selfSigned)
        }
        guard let version = tried.keys.max(by: { $0.rawValue < $1.rawValue }), let first = tried[version] else {
            return report
        }
        report.caNames = first.none.record?.authorityNames.map(\.text) ?? []
        report.sni = try names(version, first.none)
        report.resumption = try ResumptionProbe(probe: self, version: version).run(refused: !first.none.isAccepted)
        if let identity { report.identity = try own(identity, version) }
        report.findings += ProbeFindings(probe: self, tried: tried, report: report).findings()
        return report
    }

    func attempt(
        _ version: ProtocolVersion,
        _ identity: Identity?,
        name: String?,
        session: SSLSession? = nil,
        _ depth: ProbeExchange.Depth = .judgement
    ) throws -> Attempt {
        try prober.attempt(
            RawClient.Settings(
                version: version == .tls12 ? .tls12 : .tls13,
                identity: identity,
                serverName: name,
                session: session
            ),
            depth
        )
    }

    /// The identity that is served for a name, whether the server knows it or not.
    private func names(_ version: ProtocolVersion, _ first: Attempt) throws -> [ProbeReport.NameResult] {
        var results = [result(name, first)]
        var asked: [String?] = name == nil ? [] : [nil]
        // The same host in other spellings (RFC 6066 section 3: without case; DNS: with or without the last dot).
        if let name {
            if name.uppercased() != name { asked.append(name.uppercased()) }
            asked.append("a." + name)
        }
        asked.append(Self.unknownName)
        for other in asked {
            // As far as for the name itself: a server of TLS 1.3 judges after the client's handshake.
            results.append(result(other, try attempt(version, nil, name: other)))
        }
        return results
    }

    private func result(_ name: String?, _ attempt: Attempt) -> ProbeReport.NameResult {
        let leaf = attempt.certificates.first
        return ProbeReport.NameResult(
            sent: name,
            outcome: attempt.description,
            accepted: attempt.isAccepted ? true : attempt.isRefused ? false : nil,
            sha256: leaf?.sha256Hexadecimal,
            commonName: leaf?.commonName,
            dnsNames: leaf?.dnsNames ?? []
        )
    }

    private func own(_ identity: Identity, _ version: ProtocolVersion) throws -> ProbeReport.IdentityResult {
        let attempt = try attempt(version, identity, name: name)
        var phase: String?
        if case .refused(_, let isHandshakeOver) = attempt.ending { phase = isHandshakeOver ? "read" : "handshake" }
        return ProbeReport.IdentityResult(accepted: attempt.isAccepted, phase: phase, outcome: attempt.description)
    }

    private func plaintext(_ attempt: Attempt) -> Finding {
        Finding(
            id: "proto-tls-to-plaintext",
            severity: .error,
            subject: target,
            message: attempt.description,
            command: "openssl s_client -connect \(ShellWord.of(target))"
        )
    }

    /// No server has a name below .invalid (RFC 6761 section 6.4).
    static let unknownName = "unknown-name.invalid"

    /// A self-signed certificate that nobody has ever seen.
    package static func stranger(now: Timestamp, for hosts: [String] = []) throws -> Identity {
        let purpose = hosts.isEmpty ? "clientAuth" : "serverAuth"
        let recipe = Recipe(certificates: [
            CertificateRecipe(name: "countersign probe", dnsNames: hosts, extendedKeyUsages: [purpose])
        ])
        let seed = UInt64.random(in: .min ... .max)
        guard
            let entity = try PKI.mint(recipe, now: now.secondsSinceEpoch, seed: seed, keys: KeyPool())[
                "countersign probe"
            ]
        else {
            throw DiagnosticsError.lostIdentity
        }
        return try Identity(
            chain: [Certificate(der: entity.certificateDER)],
            privateKey: PrivateKey(der: entity.privateKeyPKCS8)
        )
    }
}

extension Attempt {
    /// Whether the server answered in this version, as far as that can be told.
    fileprivate var speaksVersion: Bool {
        switch ending {
        case .accepted: true
        case .refused, .stalled: record?.hasServerHello ?? false && !declinesVersion
        case .notTLS, .unreachable: false
        }
    }
    /// Whether the server said that it doesn't speak the version, by an alert in place of its ServerHello or by
    /// choosing another one (RFC 8446 section 4.2.1). One that only hangs up has said nothing.
    fileprivate var declinesVersion: Bool {
        guard case .refused(let refusal, isHandshakeOver: false) = ending, let record else { return false }
        if record.hasServerHello { return record.alertSent == Alert.protocolVersion.rawValue }
        if case .alert = refusal { return true }
        return false
    }
}
