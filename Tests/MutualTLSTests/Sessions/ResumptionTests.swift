import Testing

@testable import MutualTLS

@Suite("Resumption")
struct ResumptionTests {
    @Test("is off by default: no ticket is sent and none is taken", arguments: TLSVersion.allCases)
    func offByDefault(version: TLSVersion) throws {
        let settings = try SessionPair(version)
        let server = try serverSettings(version: version).resolve()
        let client = try settings.client.resolve()
        #expect(try SessionPair.connect(server, client).outcome == "full")
        #expect(client.exportSessions() == (try settings.client.resolve()).exportSessions(), "nothing was kept")
        #expect(try SessionPair.connect(server, client).outcome == "full")

        _ = try SessionPair.connect(settings.server.resolve(), client)
        #expect(try SessionPair.connect(server, client).outcome == "full", "a ticket of another server is ignored")
    }

    @Test("works again and again, and reports what the full handshake has shown", arguments: TLSVersion.allCases)
    func resumes(version: TLSVersion) throws {
        let settings = try SessionPair(version)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        let first = try SessionPair.connect(server, client)
        #expect(first.outcome == "full")
        for _ in 0..<5 {
            let pair = try SessionPair.connect(server, client)
            #expect(pair.outcome == "resumed")
            let (atServer, atClient) = (pair.server.information, pair.client.information)
            #expect(atServer.peerCertificates == [try shared.certificate("client")])
            #expect(atServer.isPeerVerified && atServer.verifiedChainLength == 2)
            #expect(
                atServer.verifiedChain == first.server.information.verifiedChain && atServer.verifiedChain.count == 2
            )
            #expect(atServer.peerIdentity == first.server.information.peerIdentity && atServer.peerIdentity != nil)
            #expect(atServer.localCertificate == (try shared.certificate("server")))
            #expect(atServer.sni == "server.test" && atServer.version == version)
            #expect(atClient.peerCertificates == first.client.information.peerCertificates)
            #expect(atClient.verifiedChain == first.client.information.verifiedChain)
            #expect(atClient.isPeerVerified && atClient.verifiedChainLength == 2)
            #expect(atClient.localCertificate == (try shared.certificate("client")))
            #expect(!atClient.certificateRequested && atClient.acceptableCANames.isEmpty)
            #expect(pair.client.isConfirmedByServer)
            #expect(pair.isAccepted)
        }
    }

    @Test("decodes an intermediate once, however many tickets hold it", arguments: TLSVersion.allCases)
    func issuers(version: TLSVersion) throws {
        var settings = try SessionPair(version)
        settings.client.identity = try shared.identity("by-intermediate", with: ["intermediate"])
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        let first = try SessionPair.connect(server, client)
        let issuers = try #require(server.plan.sessions).issuers
        #expect(first.outcome == "full" && issuers.count == 0)
        for _ in 0..<3 {
            let pair = try SessionPair.connect(server, client)
            #expect(pair.outcome == "resumed")
            #expect(pair.server.information.verifiedChain == first.server.information.verifiedChain)
            #expect(pair.server.information.verifiedChain.count == 3)
            #expect(issuers.count == 1)
        }
        #expect(issuers.certificate(der: [0x30, 0x00]) == nil && issuers.count == 1)
    }

    @Test("works with bytes in pieces", arguments: TLSVersion.allCases, [1, 7])
    func pieces(version: TLSVersion, size: Int) throws {
        let settings = try SessionPair(version)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        for expected in ["full", "resumed"] {
            var pair = try Pairing(server, client)
            pair.pieceSize = size
            try pair.exchange()
            #expect(pair.outcome == expected)
        }
    }

    @Test("can be declined by the client for one connection", arguments: TLSVersion.allCases)
    func declined(version: TLSVersion) throws {
        let settings = try SessionPair(version)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        _ = try SessionPair.connect(server, client)
        #expect(try SessionPair.connect(server, client, offeringSession: false).outcome == "full")
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
    }

    @Test("keeps a certificate unverified that was not verified", arguments: TLSVersion.allCases)
    func unverified(version: TLSVersion) throws {
        for mode in [ClientAuth.requestClientCert, .requireAnyClientCert] {
            let settings = try SessionPair(version, mode, credential: "untrusted")
            let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
            _ = try SessionPair.connect(server, client)
            let pair = try SessionPair.connect(server, client)
            #expect(pair.outcome == "resumed")
            #expect(pair.server.information.peerCertificates == [try shared.certificate("untrusted")])
            #expect(!pair.server.information.isPeerVerified)
        }
    }

    @Test("without a client certificate stays anonymous", arguments: TLSVersion.allCases)
    func anonymous(version: TLSVersion) throws {
        for mode in [ClientAuth.noClientCert, .requestClientCert, .verifyClientCertIfGiven] {
            let settings = try SessionPair(version, mode, credential: nil)
            let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
            _ = try SessionPair.connect(server, client)
            let pair = try SessionPair.connect(server, client)
            #expect(pair.outcome == "resumed")
            #expect(pair.server.information.peerCertificates.isEmpty && !pair.server.information.isPeerVerified)
            #expect(pair.client.information.localCertificate == nil)
        }
    }

    @Test("works for a client that doesn't verify its server", arguments: TLSVersion.allCases)
    func insecure(version: TLSVersion) throws {
        var settings = try SessionPair(version)
        settings.client.insecureSkipVerify = true
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        _ = try SessionPair.connect(server, client)
        let pair = try SessionPair.connect(server, client)
        #expect(pair.outcome == "resumed" && !pair.client.information.isPeerVerified)
        #expect(pair.client.information.peerCertificates == [try shared.certificate("server")])
    }
}
