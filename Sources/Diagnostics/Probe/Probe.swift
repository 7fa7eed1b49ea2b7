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
        let throwaway = try Self.stranger(now: now)
        var references: [ProtocolVersion: Attempt] = [:]
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
            let selfSigned = try attempt(version, throwaway, name: name)
            let again = try attempt(version, nil, name: name)
            // An identity of the user's shows what the application says to a welcome client.
            let reference = try identity.map { try attempt(version, $0, name: name) }
            references[version] = reference
            none = none.judged(beside: reference)
            let stranger = selfSigned.judged(beside: reference)
            let inference = ModeInference(
                version: version,
                none: none,
                stranger: stranger,
                again: again.judged(beside: reference)
            )
            report.evidence += inference.evidence
            if inference.mode == nil { report.undecided.append(version) }
            switch version {
            case .tls12: report.modes.tls12 = inference.mode
            case .tls13: report.modes.tls13 = inference.mode
            }
            tried[version] = (none, stranger)
        }
        guard let version = tried.keys.max(by: { $0.rawValue < $1.rawValue }), let first = tried[version] else {
            return report
        }
        report.caNames = first.none.record?.authorityNames.map(\.text) ?? []
        let asked = NamesProbe(probe: self, version: version, stranger: throwaway, reference: references[version])
        report.sni = try asked.run(first: first)
        report.resumption = try ResumptionProbe(probe: self, version: version, reference: references[version])
            .run(refused: !first.none.isAccepted)
        report.identity = references[version].map(own)
        report.findings += ProbeFindings(
            probe: self,
            tried: tried,
            report: report,
            reference: references[version]
        ).findings()
        return report
    }

    func attempt(
        _ version: ProtocolVersion,
        _ identity: Identity?,
        name: String?,
        session: SSLSession? = nil,
        helloRecord: Int? = nil,
        _ depth: ProbeExchange.Depth = .judgement
    ) throws -> Attempt {
        try prober.attempt(
            RawClient.Settings(
                version: version == .tls12 ? .tls12 : .tls13,
                identity: identity,
                serverName: name,
                session: session,
                helloRecord: helloRecord
            ),
            depth
        )
    }

    private func own(_ attempt: Attempt) -> ProbeReport.IdentityResult {
        var phase: String?
        if case .refused(_, let isHandshakeOver) = attempt.ending { phase = isHandshakeOver ? "read" : "handshake" }
        // TLS accepted it, and the application says no: 401, 403, 421, or a FATAL about the certificate.
        let verdict = attempt.answer?.verdict
        let isDenied = attempt.isAccepted && (verdict == .denied || verdict == .refusedCertificate)
        if isDenied { phase = "application" }
        return ProbeReport.IdentityResult(
            accepted: attempt.isAccepted && !isDenied,
            phase: phase,
            outcome: isDenied
                ? "TLS accepts it, and the application answers: \(attempt.answer?.summary ?? "")" : attempt.description
        )
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
