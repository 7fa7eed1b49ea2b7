import MutualTLS
import Testing
import ThrowawayPKI

@Suite("A server chooses its identity by SNI")
struct SNISelectionTests {
    static let pki = TestPKI([
        CertificateRecipe(name: "root", isCA: true),
        named("default", "default.test"),
        named("exact", "a.example.test"),
        named("wildcard", "*.example.test"),
        CertificateRecipe(
            name: "rsa",
            issuer: "root",
            key: .rsa2048,
            dnsNames: ["rsa.test"],
            extendedKeyUsages: ["serverAuth"]
        ),
    ])

    private static func named(_ name: String, _ dns: String) -> CertificateRecipe {
        CertificateRecipe(name: name, issuer: "root", dnsNames: [dns], extendedKeyUsages: ["serverAuth"])
    }

    private func settings(strict: Bool) throws -> MutualTLSConfiguration.Server {
        var settings = try serverSettings(.noClientCert, identity: Self.pki.identity("default"))
        settings.identitiesByName = [
            "A.example.test": try Self.pki.identity("exact"),
            "*.example.test": try Self.pki.identity("wildcard"),
            "rsa.test": try Self.pki.identity("rsa"),
        ]
        settings.strictSNI = strict
        return settings
    }

    private func pair(_ sni: ServerNameIndication, strict: Bool, version: TLSVersion = .tls13) throws -> Pairing {
        var client = MutualTLSConfiguration.Client(currentTime: clock)
        client.insecureSkipVerify = true
        client.serverNameIndication = sni
        client.minimumVersion = version
        client.maximumVersion = version
        return try Pairing(server: settings(strict: strict), client: client)
    }

    @Test(
        "exact, then a wildcard of one label, then the default one",
        arguments: [
            ("a.example.test", "exact"),
            ("A.EXAMPLE.TEST", "exact"),
            ("a.example.test.", "exact"),
            ("B.Example.Test.", "wildcard"),
            ("b.example.test", "wildcard"),
            ("B.Example.Test", "wildcard"),
            ("a.b.example.test", "default"),
            ("example.test", "default"),
            (".example.test", "default"),
            ("rsa.test", "rsa"),
            ("unknown.test", "default"),
            ("127.0.0.1", "default"),
            ("my_node.test", "default"),
            ("*.example.test", "wildcard"),
        ],
        versions
    )
    func selection(row: (sni: String, identity: String), version: TLSVersion) throws {
        let pair = try pair(.verbatim(row.sni), strict: false, version: version)
        try pair.exchange()
        let served = try Self.pki.certificate(row.identity)
        #expect(pair.isAccepted)
        #expect(pair.server.information.sni == row.sni)
        #expect(pair.server.information.localCertificate == served)
        #expect(pair.client.information.peerCertificates == [served])
    }

    @Test("without SNI it presents the default one, even if strict", arguments: [true, false])
    func noSNI(strict: Bool) throws {
        let pair = try pair(.none, strict: strict)
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(pair.server.information.sni == nil)
        #expect(pair.server.information.localCertificate == (try Self.pki.certificate("default")))
    }

    @Test("and a strict one refuses unknown names with unrecognized_name", arguments: versions)
    func strict(version: TLSVersion) throws {
        let refused = try pair(.verbatim("unknown.test"), strict: true, version: version)
        refused.run()
        #expect(refused.server.failure?.reason == .unrecognizedName)
        #expect(refused.server.failure?.phase == .handshake)
        #expect(refused.server.information.alertSent == .unrecognizedName)
        #expect(refused.server.information.localCertificate == nil)
        #expect(refused.client.information.alertReceived == .unrecognizedName)
        #expect(refused.server.failure?.message.contains("\"unknown.test\"") == true)

        for (name, identity) in [("a.example.test", "exact"), ("Default.test", "default")] {
            let known = try pair(.verbatim(name), strict: true, version: version)
            try known.exchange()
            #expect(known.isAccepted)
            #expect(known.server.information.localCertificate == (try Self.pki.certificate(identity)))
        }
    }
}
