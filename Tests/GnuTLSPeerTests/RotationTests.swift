internal import GnuTLSPeer
internal import Testing

@Suite("Rotation")
struct RotationTests {
    @Test("A server's update counts until the ClientHello is processed, not later", arguments: GnuTLSVersion.allCases)
    func server(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let server = try GnuTLSServer(.shared(version))
        let client = try GnuTLSClient(.shared())

        let before = Wire(try server.makeSession(), try client.makeSession())
        before.client.start()
        try server.update(identity: pki.server2)
        before.run()
        #expect(before.server.report.localCertificate == pki.server2.chain[0])
        #expect(before.client.report.peerChain == pki.server2.chain)
        #expect(before.client.report.accepted)

        let after = Wire(try server.makeSession(), try client.makeSession())
        after.client.start()
        after.moveFlight(from: after.client, to: after.server)
        try server.update(identity: pki.server)
        after.run()
        #expect(after.server.report.localCertificate == pki.server2.chain[0])
        #expect(after.client.report.peerChain == pki.server2.chain)
        #expect(after.client.report.accepted && after.server.report.accepted)

        let next = Wire(try server.makeSession(), try client.makeSession()).run()
        #expect(next.client.report.peerChain == pki.server.chain)
        #expect(before.server.report.localCertificate == pki.server2.chain[0])
    }

    @Test("A client's update counts until its session starts, not later", arguments: GnuTLSVersion.allCases)
    func client(_ version: GnuTLSVersion) throws {
        let pki = try TestPKI.shared.get()
        let server = try GnuTLSServer(.shared(version, .requestClientCert))
        let client = try GnuTLSClient(.shared(pki.valid))

        let before = Wire(try server.makeSession(), try client.makeSession())
        try client.update(identity: pki.expired)
        before.run()
        #expect(before.server.report.peerChain == pki.expired.chain)

        let after = Wire(try server.makeSession(), try client.makeSession())
        after.client.start()
        try client.update(identity: nil)
        after.run()
        #expect(after.server.report.peerChain == pki.expired.chain)
        #expect(after.client.report.localCertificate == pki.expired.chain[0])

        let next = Wire(try server.makeSession(), try client.makeSession()).run()
        #expect(next.server.report.peerChain.isEmpty)
        #expect(next.client.report.localCertificate == nil)
    }

    @Test("A server without an identity answers handshake_failure", arguments: GnuTLSVersion.allCases)
    func nothing(_ version: GnuTLSVersion) throws {
        let server = try GnuTLSServer(.shared(version))
        try server.update(identity: nil)
        let wire = Wire(try server.makeSession(), try GnuTLSClient(.shared()).makeSession()).run()
        #expect(wire.server.report.alertSent == 40)
        #expect(wire.client.report.alertReceived == 40)
        #expect(wire.server.report.localCertificate == nil)
    }
}
