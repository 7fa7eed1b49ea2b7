internal import ConformanceModel
internal import MutualTLS
internal import OpenSSL

/// Findings of a probe that lead to a documented failure.
struct ProbeFindings {
    var probe: Probe
    var tried: [ProtocolVersion: (none: Attempt, stranger: Attempt)]
    var report: ProbeReport
    /// The attempt of the user's identity, in the version that the names were asked in.
    var reference: Attempt?

    func findings() -> [Finding] {
        var findings = modeFindings() + refusalFindings() + certificateFindings()
        let length = tried.values.first.map { pair in
            pair.none.record?.authorityNames.reduce(0) { $0 + 2 + $1.der.count } ?? 0
        }
        if let length, length > 32_000 {
            let message = "the CA names fill \(length) bytes; Java refuses messages above 32,768"
            findings.append(finding("proto-ca-list-32k", .warning, message))
        }
        if report.resumption?.bypassesClientAuth == true {
            let message = "a session that another name granted to an anonymous client is taken under this one"
            findings.append(finding("res-cross-vhost", .error, message))
        }
        return findings + nameFindings()
    }

    /// Whether a client that the name's own policy refuses gets in by sending the name otherwise, or by sending none.
    private func nameFindings() -> [Finding] {
        guard let strict = report.sni.first, let name = strict.sent, let host = Self.host(name) else { return [] }
        return report.sni.dropFirst().compactMap { open in
            let client: String
            if strict.accepted == false, open.accepted == true {
                client = "a client without a certificate"
            } else if strict.isStrangerAccepted == false, open.isStrangerAccepted == true {
                client = "a client with a self-signed certificate"
            } else {
                return nil
            }
            let sent = open.sent.map { "under the name \($0)" } ?? "without server_name"
            let words = open.form.map { "\(sent) \($0)" } ?? sent
            let isSameHost = Self.host(open.sent) == host
            let isBelow = Self.host(open.sent)?.hasSuffix("." + host) == true
            let id =
                open.form != nil
                ? "sni-fragmented-clienthello"
                : isSameHost || isBelow ? "sni-case-and-wildcard-lookup" : "sni-absent-skips-client-auth"
            let isSameCertificate = open.sha256 == strict.sha256
            let welcome = reference?.answer?.body ?? []
            let isSamePage = !welcome.isEmpty && open.answer?.body == welcome
            let certificate = isSameCertificate ? "the same certificate" : "another certificate"
            let page = isSamePage ? " and the page that your identity gets" : ""
            let message =
                "the policy hangs on the exact name: \(name) refuses \(client), and \(words) it gets in, "
                + "with \(certificate)\(page); whoever sends Host: \(name) there may reach what is protected"
            // Another host of its own may rightly be open, and then only its answers tell.
            return finding(id, isSameHost || isSameCertificate || isSamePage ? .error : .warning, message)
        }
    }

    /// A name as DNS compares it.
    private static func host(_ name: String?) -> String? {
        name.map { $0.hasSuffix(".") ? $0.dropLast().lowercased() : $0.lowercased() }
    }

    private func modeFindings() -> [Finding] {
        var findings: [Finding] = []
        let modes = [report.modes.tls12, report.modes.tls13].compactMap { $0 }
        if modes.count == 2, modes[0] != modes[1] {
            let message = "TLS 1.2 runs \(modes[0].rawValue), and TLS 1.3 \(modes[1].rawValue)"
            findings.append(finding("cfg-ca-file-without-verify", .error, message))
        }
        let unverified: Set<ClientAuthMode> = [.requestClientCert, .requireAnyClientCert]
        if let mode = modes.first(where: unverified.contains) {
            let names = report.caNames.isEmpty ? "" : ", although the server names authorities"
            let message = "\(mode.rawValue) takes a certificate of anybody\(names): it proves nothing"
            findings.append(finding("cfg-require-any-does-not-verify", .warning, message))
        }
        return findings
    }

    private func refusalFindings() -> [Finding] {
        var findings: [Finding] = []
        for (version, pair) in tried.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for attempt in [pair.none, pair.stranger] {
                guard case .refused(let refusal, _) = attempt.ending else { continue }
                let id: String? =
                    switch refusal {
                    case .http: "proto-http-400-not-alert"
                    case .application:
                        attempt.record?.isRenegotiationRequested == true
                            ? "proto-no-renegotiation"
                            : attempt.isCertificateRequested ? "proto-http-400-not-alert" : "proto-post-handshake-auth"
                    case .closedWithoutAlert: "proto-node-silent-reject"
                    case .reset: "proto-alert-lost-to-reset"
                    case .alert(50) where version == .tls12: "proto-gnutls-tls12-decode-error"
                    case .alert, .protocolError: nil
                    }
                if let id { findings.append(finding(id, .warning, "TLS \(version.rawValue): \(attempt)")) }
            }
        }
        return findings
    }

    /// Findings about the certificates that the server shows to anybody.
    private func certificateFindings() -> [Finding] {
        guard let chain = tried.values.first(where: { !$0.none.certificates.isEmpty })?.none.certificates else {
            return []
        }
        let name = probe.name.map { " -servername \(ShellWord.of($0))" } ?? " -noservername"
        let command = "openssl s_client -connect \(ShellWord.of(probe.target))\(name) -showcerts < /dev/null"
        let placed = chain.enumerated().map {
            PlacedCertificate(certificate: $0.element, file: probe.target, place: $0.offset + 1)
        }
        let checks = CertificateChecks(now: probe.now, margin: 14 * 86_400)
        let found = IdentityChecks(chain: placed, key: nil, authorities: [], checks: checks, role: .server).findings()
        return found.filter { $0.severity != .note }.map { finding in
            var finding = finding
            finding.command = command
            return finding
        }
    }

    private func finding(_ id: String, _ severity: Finding.Severity, _ message: String) -> Finding {
        Finding(
            id: id,
            severity: severity,
            subject: probe.target,
            message: message,
            command: "countersign explain \(id)"
        )
    }
}

/// Which client authentication mode a server really runs in one version, told from what it does to a client with no
/// certificate and to one with a self-signed certificate of nobody.
struct ModeInference {
    /// Nil when the handshakes don't tell.
    var mode: ClientAuthMode?
    /// The observations in sentences, and why the mode follows or doesn't.
    var evidence: [String]

    /// - Parameters:
    ///   - none: the handshake of a client without a certificate.
    ///   - stranger: that of a client with a throwaway self-signed certificate.
    ///   - again: one more without a certificate, which must end as the first did.
    init(version: ProtocolVersion, none: Attempt, stranger: Attempt, again: Attempt) {
        let prefix = "TLS \(version.rawValue): "
        evidence = [
            "\(prefix)without a certificate: \(none)", "\(prefix)with a self-signed one: \(stranger)",
        ]
        if none.isCertificateRequested || stranger.isCertificateRequested {
            let names = [none, stranger].map { $0.record?.authorityNames.count ?? 0 }.max() ?? 0
            let words = names == 1 ? "1 authority" : "\(names) authorities"
            evidence.append("\(prefix)the server asks for a certificate, and names \(words)")
        } else if none.isAccepted || none.isRefused {
            evidence.append("\(prefix)the server asks for no certificate")
        }
        guard none.isAccepted == again.isAccepted else {
            evidence.append(
                "\(prefix)the same handshake ended differently the second time, so nothing follows: \(again)"
            )
            return
        }
        guard none.isAccepted || none.isRefused, stranger.isAccepted || stranger.isRefused else {
            evidence.append("\(prefix)a handshake didn't come to an end, so nothing follows")
            return
        }
        guard none.isCertificateRequested else {
            if none.isAccepted {
                mode = .noClientCert
            } else if Self.isJudgedLater(none) {
                // TLS lets anybody pass; the application looks for itself.
                mode = .noClientCert
                evidence.append("\(prefix)\(Self.later(none, stranger))")
            } else {
                evidence.append("\(prefix)the server refused before it asked for a certificate, so nothing follows")
            }
            return
        }
        mode =
            switch (none.isAccepted, stranger.isAccepted) {
            case (true, true): .requestClientCert
            case (true, false): .verifyClientCertIfGiven
            case (false, true): .requireAnyClientCert
            case (false, false): .requireAndVerifyClientCert
            }
    }

    /// Whether a client is refused only for what it asks for: in the application, or by renegotiation.
    private static func isJudgedLater(_ attempt: Attempt) -> Bool {
        if case .refused(.application, _) = attempt.ending { return true }
        guard let record = attempt.record, case .refused(_, isHandshakeOver: true) = attempt.ending else {
            return false
        }
        return record.isRenegotiationRequested || record.isCertificateRequestedLater
    }

    /// How the application came to refuse, where the handshake asked for nothing.
    private static func later(_ attempts: Attempt...) -> String {
        let records = attempts.compactMap(\.record)
        if records.contains(where: \.isRenegotiationRequested) {
            return "the server asks for a certificate by renegotiation, for what was requested alone"
        }
        if records.contains(where: \.isCertificateRequestedLater) {
            return "the server asks for a certificate after the handshake, for what was requested alone"
        }
        return "the handshake asks for no certificate, and the application refuses a client without one"
    }
}
