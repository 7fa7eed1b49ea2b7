internal import GnuTLSPeer
internal import Testing

@Suite("Server names")
struct ServerNameTests {
    /// A server whose default identity is one thing and whose named ones are others.
    private struct Named {
        let fallback: GnuTLSCredential
        let exact: GnuTLSCredential
        let wildcard: GnuTLSCredential

        init() throws {
            let root = try TestCA.root("Names")
            func identity(_ name: String) throws -> GnuTLSCredential {
                try root.issue(TestRecipe(subject: "CN=\(name)", dns: [name])).credential()
            }
            fallback = try identity("fallback.test")
            exact = try identity("a.example.test")
            wildcard = try identity("*.example.test")
        }

        func settings(strict: Bool = false) -> GnuTLSServerSettings {
            GnuTLSServerSettings(
                identity: fallback,
                identitiesByName: [("A.Example.test", exact), ("*.example.test", wildcard)],
                strictSNI: strict
            )
        }
    }

    @Test(
        "Identities are chosen by exact name, then wildcard of one label, then the default",
        arguments: [
            ("a.example.test", "exact"), ("A.EXAMPLE.TEST", "exact"), ("b.example.test", "wildcard"),
            ("a.b.example.test", "fallback"), ("example.test", "fallback"), ("other.test", "fallback"),
            (nil, "fallback"),
        ]
    )
    func choice(_ sni: String?, _ expected: String) throws {
        let named = try Named()
        let wire = try Wire(named.settings(), GnuTLSClientSettings(sni: sni, insecureSkipVerify: true)).run()
        let identity = ["exact": named.exact, "wildcard": named.wildcard, "fallback": named.fallback][expected]
        #expect(wire.server.report.accepted)
        #expect(wire.server.report.localCertificate == identity?.chain[0])
        #expect(wire.client.report.peerChain == identity?.chain)
        #expect(wire.server.report.sni == sni)
        #expect(wire.client.report.sni == sni)
    }

    @Test(
        "Strict names refuse an unknown one with unrecognized_name, and let none pass",
        arguments: GnuTLSVersion.allCases
    )
    func strict(_ version: GnuTLSVersion) throws {
        let named = try Named()
        let cases: [(String?, UInt8?)] = [("unknown.test", 112), ("b.example.test", nil), (nil, nil)]
        for (sni, alert) in cases {
            let client = GnuTLSClientSettings(
                sni: sni,
                insecureSkipVerify: true,
                minimumVersion: version,
                maximumVersion: version
            )
            let wire = try Wire(named.settings(strict: true), client).run()
            #expect(wire.server.report.alertSent == alert)
            #expect(wire.client.report.alertReceived == alert)
            #expect(wire.server.report.accepted == (alert == nil))
            #expect(wire.server.report.sni == sni)
        }
    }

    @Test(
        "No SNI is sent for an address",
        arguments: [
            ("127.0.0.1", nil), ("::1", nil), ("[::1]", nil), ("", nil), ("localhost", "localhost"),
            ("server.test.", "server.test."),
        ]
    )
    func derivedSNI(_ name: String, _ sni: String?) throws {
        let settings = GnuTLSClientSettings(serverName: name, insecureSkipVerify: true)
        let wire = try Wire(.shared(), settings).run()
        #expect(wire.client.report.sni == sni)
        #expect(wire.server.report.sni == sni)
    }

    @Test(
        "A name that GnuTLS servers refuse is reported as it was received",
        arguments: ["my_node.test", "*.test", "::1"]
    )
    func refusedSNI(_ name: String) throws {
        let wire = try Wire(.shared(), GnuTLSClientSettings(sni: name, insecureSkipVerify: true)).run()
        #expect(wire.server.report.alertSent == 47)
        #expect(wire.server.report.failure?.name == "GNUTLS_E_RECEIVED_DISALLOWED_NAME")
        #expect(wire.server.report.sni == name)
        #expect(wire.client.report.alertReceived == 47)
    }

    @Test(
        "Names verify as GnuTLS verifies them",
        arguments: [
            ("server.test", true), ("SERVER.TEST", true), ("server.test.", false), ("other.test", false), ("", true),
            ("a.wild.test", true), ("a.b.wild.test", false), ("wild.test", false), ("192.0.2.1", true),
            ("192.0.2.2", false), ("2001:db8::1", true), ("[2001:db8::1]", false), ("127.0.0.1", false),
        ]
    )
    func verification(_ name: String, _ accepted: Bool) throws {
        let root = try TestCA.root("Root")
        let server = try root.issue(
            TestRecipe(
                subject: "CN=x",
                dns: ["server.test", "*.wild.test", "127.0.0.1"],
                addresses: [[192, 0, 2, 1], [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]]
            )
        )
        for insecure in [false, true] {
            let client = GnuTLSClientSettings(rootCAs: [root.der], serverName: name, insecureSkipVerify: insecure)
            let wire = try Wire(GnuTLSServerSettings(identity: server.credential()), client).run()
            let report = wire.client.report
            #expect(report.accepted == (accepted || insecure))
            #expect(report.peerVerified == (accepted && !insecure))
            #expect(report.alertSent == (accepted || insecure ? nil : 42))
            #expect(report.failure?.verificationReasons ?? [] == (accepted || insecure ? [] : ["name-mismatch"]))
            #expect(wire.server.report.alertReceived == report.alertSent)
        }
    }
}
