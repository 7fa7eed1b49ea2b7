import ConformanceModel

/// Reports that the tests render.
enum SampleReport {
    /// Text that breaks a renderer which forgets one kind of escaping.
    static let hostile = "<b>&amp; \"q\" 'a' ]]> | `t` \\ *s* _u_ [x](y) é 😀 \u{1}\u{1B}[31m\r\nnext\ttab \u{FFFE}"

    static let rules = [
        RuleDescription(
            id: "client-auth.expired",
            sentence: "An expired certificate is refused.",
            citation: "RFC 5280 6.1.3"
        ),
        RuleDescription(
            id: "client-auth.valid",
            sentence: "A trusted certificate is accepted.",
            citation: "RFC 5280 6.1"
        ),
        RuleDescription(id: "sni.strict", sentence: "An unknown name is refused.", citation: "RFC 6066 section 3"),
    ]

    static func result(
        _ axes: String,
        scenario: String = "client-auth/credentials",
        server: Stack = .countersign,
        client: Stack = .gnutls,
        verdict: Verdict = .passed,
        reason: String? = nil,
        deviation: String? = nil,
        rejected: Bool = false,
        detail: String? = nil
    ) -> CaseResult {
        let values = axes.split(separator: "/").map(String.init)
        return CaseResult(
            id: "\(scenario)/\(axes)/\(server.rawValue)/\(client.rawValue)",
            scenario: scenario,
            axes: Dictionary(uniqueKeysWithValues: zip(["clientAuth", "credential", "tls"], values)),
            server: server,
            client: client,
            verdict: verdict,
            expected: [expectation(rejected: rejected)],
            rules: [rejected ? "client-auth.expired" : "client-auth.valid"],
            observed: observed(rejected: rejected, detail: detail),
            reason: reason,
            deviation: deviation,
            durationMs: 1.25
        )
    }

    static func report(_ cases: [CaseResult], findings: [String] = [], isComplete: Bool = true) -> RunReport {
        RunReport(
            tool: Tool(name: "countersign", version: "0.1.0"),
            environment: ["gnutls": "3.7.9", "countersign": "OpenSSL 3.0.19"],
            seed: 42,
            started: "2026-01-02T03:04:05Z",
            isComplete: isComplete,
            findings: findings,
            cases: cases.sorted { $0.id < $1.id },
            rules: ["client-auth.expired": 1, "client-auth.valid": 2, "sni.strict": 0],
            durationMs: 61_234
        )
    }

    /// One result of each kind that the reports tell apart.
    static let mixed = report(
        [
            result("RequireAndVerify/valid/tls1.3"),
            result("RequireAndVerify/expired/tls1.3", rejected: true),
            result(
                "RequireAndVerify/expired/tls1.2",
                server: .gnutls,
                client: .countersign,
                verdict: .deviated,
                reason: "GnuTLS sends bad_certificate for every failure",
                deviation: "gnutls: one-alert",
                rejected: true
            ),
            result(
                "Request/expired/tls1.3",
                verdict: .failed,
                reason: "expected accepted, saw a rejection",
                rejected: true
            ),
            result("Request/ed448/tls1.3", verdict: .unsupported, reason: "countersign has no Ed448 keys"),
            result(
                "Request/valid/tls1.3",
                verdict: .timedOut,
                reason: "no end within 5 s, last flight from the server"
            ),
        ],
        findings: ["the rule sni.strict decided no case"]
    )

    private static func expectation(rejected: Bool) -> ConnectionExpectation {
        var server = SideExpectation()
        server.received = "expired"
        guard rejected else {
            return ConnectionExpectation(outcome: .accepted, server: server, client: SideExpectation())
        }
        let outcome = Outcome.rejected(
            by: .server,
            reasons: ["expired"],
            alerts: [.certificateExpired],
            noticedByPeer: .firstRead
        )
        return ConnectionExpectation(outcome: outcome, server: server, client: SideExpectation())
    }

    private static func observed(rejected: Bool, detail: String?) -> Observed {
        var server = SideObservation(accepted: !rejected, reachedHandshake: true)
        var client = SideObservation(accepted: !rejected, reachedHandshake: true)
        server.received = CertificateSighting(name: "expired", serial: "0a")
        server.receivedChainLength = 1
        server.detail = detail
        if rejected {
            server.noticed = .handshake
            server.reason = "expired"
            server.alertSent = .certificateExpired
            client.noticed = .firstRead
            client.alertReceived = .certificateExpired
        } else {
            server.verified = true
            server.verifiedChainLength = 2
        }
        return Observed(server: [server], client: [client])
    }
}
