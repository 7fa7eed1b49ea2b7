import ConformanceModel

/// Results of cases that change a setting, as far as reports look at them.
enum RotationSample {
    static func result(
        _ change: String,
        scenario: String = "rotation/sample",
        steps: [Step],
        tls: String = "1.3",
        server: Stack = .countersign,
        client: Stack = .gnutls,
        verdict: Verdict = .passed,
        connections: [(server: SideObservation, client: SideObservation)]
    ) -> CaseResult {
        CaseResult(
            id: "\(scenario)/\(change)/\(tls)/\(server.rawValue)/\(client.rawValue)",
            scenario: scenario,
            axes: ["change": change, "tls": tls, "pairing": "\(server.rawValue)/\(client.rawValue)"],
            server: server,
            client: client,
            verdict: verdict,
            steps: steps,
            expected: [],
            rules: [],
            observed: Observed(server: connections.map(\.server), client: connections.map(\.client)),
            reason: nil,
            deviation: nil,
            durationMs: 1
        )
    }

    /// A connection on which each side received this certificate.
    static func shown(
        server: String,
        client: String = "client",
        resumed: Bool = false
    ) -> (server: SideObservation, client: SideObservation) {
        var first = SideObservation(accepted: true, reachedHandshake: true)
        first.received = CertificateSighting(name: client, serial: "01")
        first.resumed = resumed
        var second = SideObservation(accepted: true, reachedHandshake: true)
        second.received = CertificateSighting(name: server, serial: "02")
        second.resumed = resumed
        return (first, second)
    }

    /// The same, refused by the server.
    static func refused(server: String, client: String) -> (server: SideObservation, client: SideObservation) {
        var shown = shown(server: server, client: client)
        shown.server.accepted = false
        shown.server.alertSent = .unknownCA
        shown.server.reason = "unknown-ca"
        shown.client.accepted = false
        shown.client.alertReceived = .unknownCA
        return shown
    }

    private static let gnutls = (server: Stack.gnutls, client: Stack.gnutls)

    static func steps(_ rotation: Rotation) -> [Step] {
        [.connect, .exchange, .connect, .rotate(rotation), .exchange, .close, .connect, .exchange]
    }

    private static func phased(_ phase: Phase, tls: String, server: Stack, client: Stack) -> CaseResult {
        let early = [Phase.beforeClientHello, .clientHelloFirstByte].contains(phase)
        return result(
            "server",
            steps: steps(Rotation(side: .server, .identity("server-b"), at: phase)),
            tls: tls,
            server: server,
            client: client,
            connections: [
                shown(server: "server"), shown(server: early ? "server-b" : "server"), shown(server: "server-b"),
            ]
        )
    }

    private static let places: [(tls: String, server: Stack, client: Stack)] = [
        ("1.2", .countersign, .gnutls), ("1.2", .gnutls, .countersign), ("1.3", .countersign, .gnutls),
        ("1.3", .gnutls, .countersign),
    ]

    /// A change that all pairings show alike, one that they don't, one between connections, and one in a resumption.
    static var cases: [CaseResult] {
        let phased = places.flatMap { place in
            [Phase.clientHelloProcessed, .beforeClientHello].map {
                Self.phased($0, tls: place.tls, server: place.server, client: place.client)
            }
        }
        let between: [Step] = [
            .connect, .exchange, .close, .rotate(Rotation(side: .server, .clientCAs(["new"]))), .connect, .exchange,
        ]
        let pools = places.map { place in
            let isOld = place.server == .gnutls && place.tls == "1.3"
            return result(
                "pools",
                steps: between,
                tls: place.tls,
                server: place.server,
                client: place.client,
                verdict: isOld ? .deviated : .passed,
                connections: [
                    shown(server: "server"),
                    isOld ? shown(server: "server", resumed: true) : refused(server: "server", client: "client"),
                ]
            )
        }
        let open: [Step] = [.connect, .exchange, .rotate(Rotation(side: .client, .identity("client-b"))), .exchange]
        let existing = result("open", steps: open, connections: [shown(server: "server")])
        let resuming = result(
            "client-auth",
            scenario: "resumption/sample",
            steps: [
                .connect, .close, .reconnect(resume: true),
                .rotate(Rotation(side: .server, .clientAuth(.requireAnyClientCert), at: .clientFlightSent)), .exchange,
            ],
            verdict: .failed,
            connections: [shown(server: "server"), shown(server: "server", resumed: true)]
        )
        return phased + pools + [existing, resuming]
    }
}
