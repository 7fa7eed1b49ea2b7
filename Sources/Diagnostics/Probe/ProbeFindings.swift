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
