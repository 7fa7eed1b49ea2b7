import LogCapture
import Logging
import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Rotation")
struct RotationTests {
    @Test("a server that is updated before the ClientHello presents the new identity", arguments: versions)
    func beforeClientHello(version: TLSVersion) throws {
        let manager = CertManager(try shared.identity("server"))
        let pair = try Pairing(
            server: serverSettings(.noClientCert, version: version, identity: manager),
            client: clientSettings()
        )
        pair.client.start()
        pair.server.start()
        manager.update(try shared.identity("server-2"))
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(pair.server.information.localCertificate == (try shared.certificate("server-2")))
        #expect(pair.client.information.peerCertificates == [try shared.certificate("server-2")])
    }

    @Test("a server that is updated after the ClientHello keeps the old one, to the end", arguments: versions)
    func afterClientHello(version: TLSVersion) throws {
        let manager = CertManager(try shared.identity("server"))
        let server = try serverSettings(.noClientCert, version: version, identity: manager).resolve()
        let client = try clientSettings().resolve()
        let pair = try Pairing(server, client)
        pair.client.start()
        Pairing.move(from: pair.client, to: pair.server)
        #expect(pair.server.takeEvents() == [.clientHelloProcessed])
        manager.update(try shared.identity("server-2"))
        try pair.exchange()
        #expect(pair.isAccepted)
        #expect(pair.server.information.localCertificate == (try shared.certificate("server")))
        #expect(pair.client.information.peerCertificates == [try shared.certificate("server")])

        let next = try Pairing(server, client)
        try next.exchange()
        #expect(next.isAccepted)
        #expect(next.client.information.peerCertificates == [try shared.certificate("server-2")])
        #expect(pair.server.information.localCertificate == (try shared.certificate("server")))
        try pair.server.send([3])
        pair.run()
        #expect(pair.client.takeApplicationData() == [3])
    }

    @Test("a client takes its identity when it starts", arguments: versions)
    func client(version: TLSVersion) throws {
        let manager = CertManager(try shared.identity("client"))
        let server = try serverSettings(version: version).resolve()
        let client = try clientSettings(manager).resolve()
        let before = try Pairing(server, client)
        let started = try Pairing(server, client)
        started.client.start()
        manager.update(try shared.identity("client-2"))
        for (pair, expected) in [(before, "client-2"), (started, "client")] {
            try pair.exchange()
            #expect(pair.isAccepted)
            #expect(pair.client.information.localCertificate == (try shared.certificate(expected)))
            #expect(pair.server.information.peerCertificates == [try shared.certificate(expected)])
        }
    }

    @Test("a client that is rotated to an untrusted identity is refused from then on")
    func untrustedClient() throws {
        let manager = CertManager(try shared.identity("client"))
        let server = try serverSettings().resolve()
        let client = try clientSettings(manager).resolve()
        let accepted = try Pairing(server, client)
        try accepted.exchange()
        #expect(accepted.isAccepted)
        manager.update(try shared.identity("untrusted"))
        let refused = try Pairing(server, client)
        try refused.exchange()
        expectRefusal(refused, .unknownCA, .unknownAuthority, .tls13)
    }

    @Test("pools and mode stay as they were at the start, and changing them warns")
    func fixedPools() throws {
        let lines = LogLines()
        let manager = CertAuthManager(
            try shared.identity("server"),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try shared.pool("root"),
            logger: lines.logger
        )
        let settings = MutualTLSConfiguration.Server(manager: manager, currentTime: clock)
        manager.setClientCAs(try shared.pool("root"))
        #expect(lines.all.isEmpty)
        do {
            let server = try settings.resolve()
            manager.setClientCAs(try shared.pool("other-root"))
            manager.setClientAuth(.noClientCert)
            #expect(lines.all.count == 2)
            #expect(lines.all.allSatisfy { $0.contains("no effect until restart") })
            let pair = try Pairing(server, clientSettings(shared.identity("client")).resolve())
            try pair.exchange()
            #expect(pair.isAccepted)
            #expect(pair.server.information.isPeerVerified)
        }
        manager.setClientAuth(.requestClientCert)
        #expect(lines.all.count == 2)
    }

    @Test("live pools and modes count from the next ClientHello on", arguments: versions)
    func livePools(version: TLSVersion) throws {
        let manager = CertAuthManager(
            try shared.identity("server"),
            clientAuth: .requireAndVerifyClientCert,
            clientCAs: try shared.pool("root")
        )
        var settings = MutualTLSConfiguration.Server(manager: manager, poolPolicy: .live, currentTime: clock)
        settings.minimumVersion = version
        settings.maximumVersion = version
        let server = try settings.resolve()
        let client = try clientSettings(shared.identity("client")).resolve()
        let first = try Pairing(server, client)
        first.client.start()
        Pairing.move(from: first.client, to: first.server)
        manager.setClientCAs(try shared.pool("other-root"))
        try first.exchange()
        #expect(first.isAccepted)

        let second = try Pairing(server, client)
        try second.exchange()
        expectRefusal(second, .unknownCA, .unknownAuthority, version)

        manager.setClientCAs(nil)
        let third = try Pairing(server, client)
        try third.exchange()
        #expect(third.server.failure?.reason == .configuration)
        #expect(third.server.failure?.blame == .configuration)
        #expect(third.server.information.alertSent == .internalError)

        manager.setClientAuth(.noClientCert)
        let fourth = try Pairing(server, client)
        try fourth.exchange()
        #expect(fourth.isAccepted)
    }

    @Test("a live client takes roots and server name when it starts")
    func liveClient() throws {
        let manager = CertAuthManager(
            try shared.identity("client"),
            rootCAs: try shared.pool("root"),
            serverName: try ServerName("server.test")
        )
        let client = try MutualTLSConfiguration.Client(manager: manager, poolPolicy: .live, currentTime: clock)
            .resolve()
        let server = try serverSettings().resolve()
        let first = try Pairing(server, client)
        try first.exchange()
        #expect(first.isAccepted)
        manager.setRootCAs(try shared.pool("other-root"))
        let second = try Pairing(server, client)
        second.run()
        #expect(second.client.failure?.reason == .unknownAuthority)
        manager.setRootCAs(nil)
        let third = try Pairing(server, client)
        third.run()
        #expect(third.client.failure?.reason == .configuration)
        #expect(!third.client.hasOutput)
    }
}
