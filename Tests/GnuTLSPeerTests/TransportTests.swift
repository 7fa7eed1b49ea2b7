internal import GnuTLSPeer
internal import Testing

@Suite("Bytes in, bytes out")
struct TransportTests {
    @Test(
        "Input may come in pieces of any size",
        arguments: GnuTLSVersion.allCases.flatMap { version in [1, 7, .max].map { (version, $0) } }
    )
    func pieces(_ version: GnuTLSVersion, _ size: Int) throws {
        let pki = try TestPKI.shared.get()
        let wire = try Wire(.shared(version, .requireAndVerifyClientCert), .shared(pki.valid)).run(pieces: size)
        #expect(wire.server.state == .established)
        #expect(wire.client.state == .established)
        let message = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
        wire.client.send(message)
        wire.server.send([1, 2, 3])
        wire.run(pieces: size)
        #expect(wire.server.takeApplicationData() == message)
        #expect(wire.client.takeApplicationData() == [1, 2, 3])
        #expect(wire.server.takeApplicationData().isEmpty)
    }

    @Test("A close_notify closes both sides without a failure", arguments: GnuTLSVersion.allCases)
    func close(_ version: GnuTLSVersion) throws {
        let wire = try Wire(.shared(version), .shared()).run()
        wire.client.close()
        wire.client.close()
        #expect(wire.client.state == .closed)
        wire.run()
        #expect(wire.server.state == .closed)
        wire.server.close()
        wire.run()
        for session in [wire.client, wire.server] {
            session.receiveEndOfInput()
            session.send([1])
            #expect(session.state == .closed)
            #expect(session.takeOutput().isEmpty)
            #expect(session.report.accepted)
            #expect(session.report.failure == nil)
            #expect(session.report.alertSent == nil && session.report.alertReceived == nil)
        }
    }

    @Test("An end of input without close_notify is premature", arguments: GnuTLSVersion.allCases)
    func endOfInput(_ version: GnuTLSVersion) throws {
        let established = try Wire(.shared(version), .shared()).run()
        established.server.receiveEndOfInput()
        #expect(established.server.report.failure?.name == "GNUTLS_E_PREMATURE_TERMINATION")
        #expect(established.server.report.failure?.during == .read)
        #expect(established.server.state == .failed)
        #expect(established.server.takeOutput().isEmpty)

        let early = try Wire(.shared(version), .shared())
        early.client.start()
        for session in [early.client, early.server] {
            session.receiveEndOfInput()
            #expect(session.report.failure?.name == "GNUTLS_E_PREMATURE_TERMINATION")
            #expect(session.report.failure?.during == .handshake)
            #expect(session.report.alertSent == nil)
        }
    }

    @Test("A refused TLS 1.3 client that closed first still sees the alert")
    func alertAfterClose() throws {
        let wire = try Wire(.shared(.tls13, .requireAnyClientCert), .shared())
        wire.client.start()
        wire.moveFlight(from: wire.client, to: wire.server)
        wire.moveFlight(from: wire.server, to: wire.client)
        #expect(wire.client.report.accepted)
        wire.client.close()
        wire.run()
        #expect(wire.client.state == .failed)
        #expect(wire.client.report.alertReceived == 116)
        #expect(!wire.client.report.accepted)
    }

    @Test("The client's own refusal is not taken for a missing certificate by a TLS 1.2 server that requires one")
    func misreportedAlert() throws {
        let pki = try TestPKI.shared.get()
        var client = try GnuTLSClientSettings.shared(pki.valid)
        client.rootCAs = []
        let wire = try Wire(.shared(.tls12, .requireAnyClientCert), client).run()
        #expect(wire.client.report.alertSent == 42)
        #expect(wire.client.report.failure?.verificationReasons == ["unknown-ca"])
        #expect(wire.server.report.failure?.name == "GNUTLS_E_FATAL_ALERT_RECEIVED")
        #expect(wire.server.report.alertReceived == 42)
        #expect(wire.server.report.alertSent == nil)
    }

    @Test("Sides without a common version fail: with handshake_failure where RFC 8446 section 6.2 has protocol_version")
    func versions() throws {
        var client = try GnuTLSClientSettings.shared()
        client.maximumVersion = .tls12
        let wire = try Wire(.shared(.tls13), client).run()
        #expect(wire.server.report.alertSent == 40)
        #expect(wire.client.report.alertReceived == 40)
        #expect(wire.server.report.failure?.name == "GNUTLS_E_NO_CIPHER_SUITES")
        #expect(wire.client.report.version == nil)
    }

    @Test("The key log has the labels of the version, and both sides agree", arguments: GnuTLSVersion.allCases)
    func keyLog(_ version: GnuTLSVersion) throws {
        let wire = try Wire(.shared(version), .shared()).run()
        let labels = wire.client.keyLogLines.map { String($0.prefix { $0 != " " }) }
        #expect(Set(wire.client.keyLogLines) == Set(wire.server.keyLogLines))
        switch version {
        case .tls12:
            #expect(labels == ["CLIENT_RANDOM"])
        case .tls13:
            #expect(
                Set(labels).isSuperset(of: [
                    "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0",
                    "SERVER_TRAFFIC_SECRET_0",
                ])
            )
        }
        #expect(wire.client.keyLogLines.allSatisfy { $0.split(separator: " ").count == 3 })
    }

    @Test("The library tells its version")
    func version() {
        #expect(GnuTLSLibrary.gnuTLSVersion.hasPrefix("3."))
    }
}
