import Testing
import ThrowawayPKI

@testable import MutualTLS

@Suite("Hosts with policies of their own")
struct HostTests {
    private static let pki = TestPKI([
        CertificateRecipe(name: "root", isCA: true),
        CertificateRecipe(name: "admins", isCA: true),
        CertificateRecipe(name: "open", issuer: "root", dnsNames: ["open.test"]),
        CertificateRecipe(name: "admin", issuer: "root", dnsNames: ["admin.test", "a.wild.test"]),
        client("user"),
        client("boss", issuer: "admins"),
    ])

    /// A server that asks the clients of admin.test for a certificate of `admins`, and others for what `mode` says.
    private func server(_ mode: ClientAuth, weakerDefault: Bool = false) throws -> MutualTLSConfiguration.Server {
        var settings = MutualTLSConfiguration.Server(identity: try Self.pki.identity("open"), currentTime: clock)
        settings.clientAuth = mode
        settings.clientCAs = try Self.pki.pool("root")
        settings.defaultPolicyMayBeWeaker = weakerDefault
        settings.hosts["admin.test"] = .init(
            identity: try Self.pki.identity("admin"),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try Self.pki.pool("admins")
        )
        return settings
    }

    private func connect(
        _ server: MutualTLSServer,
        as identity: String?,
        to name: ServerNameIndication,
        sessions: MutualTLSClient? = nil
    ) throws -> Pairing {
        var settings = MutualTLSConfiguration.Client(
            identity: try identity.map { try Self.pki.identity($0) },
            currentTime: clock
        )
        settings.insecureSkipVerify = true
        settings.serverNameIndication = name
        let pair = try Pairing(server, sessions ?? settings.resolve())
        try pair.exchange()
        return pair
    }

    @Test(
        "a name in another case or with a trailing dot is the same host",
        arguments: ["admin.test", "ADMIN.Test", "admin.test.", "Admin.Test."]
    )
    func spelling(name: String) throws {
        let server = try server(.noClientCert, weakerDefault: true).resolve()
        let boss = try connect(server, as: "boss", to: .verbatim(name))
        #expect(boss.isAccepted)
        #expect(boss.client.information.peerCertificates.first?.commonName == "admin")
        #expect(boss.server.information.verifiedChain.map(\.commonName) == ["boss", "admins"])
        for other in ["user", nil] {
            let pair = try connect(server, as: other, to: .verbatim(name))
            #expect(pair.server.failure?.reason == (other == nil ? .noCertificate : .unknownAuthority))
        }
    }

    @Test(
        "other names and none get the default policy",
        arguments: [ServerNameIndication.none, .verbatim("other.test")]
    )
    func others(name: ServerNameIndication) throws {
        let open = try connect(server(.noClientCert, weakerDefault: true).resolve(), as: "user", to: name)
        #expect(open.isAccepted && !open.server.information.certificateRequested)
        let strict = try server(.requireAndVerifyClientCert).resolve()
        #expect(try connect(strict, as: "user", to: name).isAccepted)
        #expect(try connect(strict, as: nil, to: name).server.failure?.reason == .noCertificate)
    }

    @Test(
        "a default policy that asks less than a host is a configuration error, unless the settings say so",
        arguments: [ClientAuth.noClientCert, .requestClientCert, .requireAnyClientCert, .verifyClientCertIfGiven]
    )
    func weaker(mode: ClientAuth) throws {
        #expect(throws: MutualTLSError(.conflictingSettings, "")) { try server(mode).resolve() }
        _ = try server(mode, weakerDefault: true).resolve()
        _ = try server(.requireAndVerifyClientCert).resolve()
    }

    @Test("a default policy without revocation is weaker than a host with it")
    func weakerRevocation() throws {
        var settings = try server(.requireAndVerifyClientCert)
        settings.hosts["admin.test"]?.revocation = .leaf([])
        #expect(throws: MutualTLSError(.conflictingSettings, "")) { try settings.resolve() }
    }

    @Test("each host rotates by itself, and a default that has become weaker refuses")
    func rotation() throws {
        let manager = CertAuthManager(try Self.pki.identity("admin"), clientAuth: .noClientCert)
        var settings = try server(.noClientCert)
        settings.hosts = ["admin.test": .init(manager: manager)]
        let server = try settings.resolve()
        #expect(try connect(server, as: nil, to: .verbatim("admin.test")).isAccepted)
        #expect(try connect(server, as: nil, to: .none).isAccepted)
        manager.setClientAuth(.requireAndVerifyClientCert, clientCAs: try Self.pki.pool("admins"))
        #expect(try connect(server, as: nil, to: .verbatim("admin.test")).server.failure?.reason == .noCertificate)
        #expect(try connect(server, as: "boss", to: .verbatim("admin.test")).isAccepted)
        #expect(try connect(server, as: nil, to: .none).server.failure?.reason == .configuration)
    }

    @Test("a session of the default policy is none of a host", arguments: [TLSVersion.tls12, .tls13])
    func sessions(version: TLSVersion) throws {
        var settings = try server(.noClientCert, weakerDefault: true)
        settings.sessions = .scoped(ticketKeys: .shared(secret: SessionPair.secret))
        settings.minimumVersion = version
        settings.maximumVersion = version
        let server = try settings.resolve()
        var client = MutualTLSConfiguration.Client(identity: try Self.pki.identity("user"), currentTime: clock)
        client.insecureSkipVerify = true
        client.sessions = .scoped()
        client.serverNameIndication = .verbatim("open.test")
        let first = try client.resolve()
        #expect(try SessionPair.connect(server, first).outcome == "full")
        #expect(try SessionPair.connect(server, first).outcome == "resumed")
        // The same ticket and name, which has become a strict host.
        settings.hosts["open.test"] = settings.hosts["admin.test"]
        let pair = try SessionPair.connect(settings.resolve(), first)
        #expect(!pair.server.information.didResume && pair.server.failure?.reason == .unknownAuthority)
    }

    @Test("a name twice, an address, and settings beside a manager are configuration errors")
    func mistakes() throws {
        var twice = try server(.requireAndVerifyClientCert)
        twice.hosts["ADMIN.test."] = twice.hosts["admin.test"]
        #expect(throws: MutualTLSError(.conflictingSettings, "")) { try twice.resolve() }
        var address = try server(.requireAndVerifyClientCert)
        address.hosts["127.0.0.1"] = address.hosts["admin.test"]
        #expect(throws: MutualTLSError(.invalidServerName, "")) { try address.resolve() }
        var poolless = try server(.requireAndVerifyClientCert)
        poolless.hosts["admin.test"]?.clientCAs = nil
        #expect(throws: MutualTLSError(.missingClientCAs, "")) { try poolless.resolve() }
    }

    @Test(
        "choose the protocol by ALPN, the server's preference first",
        arguments: [
            ("open.test", ["http/1.1", "h2"], "h2"), ("admin.test", ["http/1.1", "h2"], "http/1.1"),
            ("open.test", [], nil), ("open.test", ["http/1.1"], "http/1.1"),
        ]
    )
    func protocols(name: String, offered: [String], chosen: String?) throws {
        for version in [TLSVersion.tls12, .tls13] {
            var settings = try server(.noClientCert, weakerDefault: true)
            settings.hosts["admin.test"]?.applicationProtocols = ["http/1.1"]
            settings.applicationProtocols = ["h2", "http/1.1"]
            settings.minimumVersion = version
            settings.maximumVersion = version
            var client = MutualTLSConfiguration.Client(identity: try Self.pki.identity("boss"), currentTime: clock)
            client.insecureSkipVerify = true
            client.serverNameIndication = .verbatim(name)
            client.applicationProtocols = offered
            let pair = try Pairing(server: settings, client: client)
            try pair.exchange()
            #expect(pair.isAccepted)
            #expect(pair.server.information.applicationProtocol == chosen)
            #expect(pair.client.information.applicationProtocol == chosen)
        }
    }

    @Test("refuse a client that offers none of their protocols (RFC 7301 section 3.2)")
    func noCommonProtocol() throws {
        var settings = try server(.noClientCert, weakerDefault: true)
        settings.applicationProtocols = ["h2"]
        var client = MutualTLSConfiguration.Client(currentTime: clock)
        client.insecureSkipVerify = true
        client.applicationProtocols = ["http/1.1"]
        let pair = try Pairing(server: settings, client: client)
        try pair.exchange()
        #expect(pair.server.failure?.reason == .noCommonParameters)
        #expect(pair.client.information.alertReceived?.rawValue == 120)
    }
}
