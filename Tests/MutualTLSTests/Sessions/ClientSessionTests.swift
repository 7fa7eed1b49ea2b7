import Testing

@testable import MutualTLS

@Suite("A client's sessions")
struct ClientSessionTests {
    @Test("An update of the identity drops them, and the new identity is judged", arguments: versions)
    func identity(version: TLSVersion) throws {
        var settings = try SessionPair(version)
        let manager = CertManager(try shared.identity("client"))
        settings.client.identity = manager
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        _ = try SessionPair.connect(server, client)
        #expect(try SessionPair.connect(server, client).outcome == "resumed")

        manager.update(try shared.identity("client-2"))
        let second = try SessionPair.connect(server, client)
        #expect(second.outcome == "full")
        #expect(second.server.information.peerCertificates == [try shared.certificate("client-2")])

        manager.update(try shared.identity("client"))
        #expect(try SessionPair.connect(server, client).outcome == "full", "the old sessions are gone")
        manager.update(try shared.identity("untrusted"))
        expectRefusal(try SessionPair.connect(server, client), .unknownCA, .unknownAuthority, version)
    }

    @Test("A connection that started before an update leaves no session behind", arguments: versions)
    func lateSession(version: TLSVersion) throws {
        var settings = try SessionPair(version)
        let manager = CertManager(try shared.identity("client"))
        settings.client.identity = manager
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        let early = try Pairing(server, client)
        early.client.start()
        manager.update(try shared.identity("client-2"))
        try Pairing(server, client).client.start()
        try early.exchange()
        #expect(early.outcome == "full" && client.plan.sessions?.all.isEmpty == true)
    }

    /// A client that follows its manager, and one connection of it.
    private func liveClient(_ version: TLSVersion) throws -> (CertAuthManager, MutualTLSServer, MutualTLSClient) {
        let settings = try SessionPair(version)
        let manager = CertAuthManager(
            try shared.identity("client"),
            rootCAs: try shared.pool("root"),
            serverName: try ServerName("server.test")
        )
        var live = MutualTLSConfiguration.Client(manager: manager, poolPolicy: .live, currentTime: clock)
        live.sessions = .scoped()
        let (server, client) = (try settings.server.resolve(), try live.resolve())
        _ = try SessionPair.connect(server, client)
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
        return (manager, server, client)
    }

    @Test("A change of the roots drops them, and the server is judged by the new ones", arguments: versions)
    func roots(version: TLSVersion) throws {
        let (manager, server, client) = try liveClient(version)
        manager.setRootCAs(try shared.pool("other-root"))
        let pair = try SessionPair.connect(server, client)
        #expect(pair.client.failure?.reason == .unknownAuthority && !pair.client.information.didResume)
        #expect(client.plan.sessions?.all.isEmpty == true)
    }

    @Test("A change of the server name drops them, and the server is judged by the new one", arguments: versions)
    func serverName(version: TLSVersion) throws {
        let (manager, server, client) = try liveClient(version)
        manager.setServerName(try ServerName("other.test"))
        let pair = try SessionPair.connect(server, client)
        #expect(pair.client.failure?.reason == .nameMismatch && !pair.client.information.didResume)
        #expect(client.plan.sessions?.all.isEmpty == true)
    }

    @Test("An update of identity, roots and name at once is seen as one", arguments: versions)
    func together(version: TLSVersion) throws {
        let (manager, server, client) = try liveClient(version)
        manager.update(
            try shared.identity("client-2"),
            rootCAs: try shared.pool("root", "other-root"),
            serverName: try ServerName("127.0.0.1")
        )
        let pair = try SessionPair.connect(server, client)
        #expect(pair.outcome == "full" && pair.server.information.sni == nil)
        #expect(pair.server.information.peerCertificates == [try shared.certificate("client-2")])
    }

    @Test("A change of the revocation lists drops them, and a revoked server is refused", arguments: versions)
    func revocation(version: TLSVersion) throws {
        var settings = try SessionPair(version)
        let lists = RevocationListManager([try shared.crl("root-crl")])
        settings.client.revocation = .leaf(from: lists)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        _ = try SessionPair.connect(server, client)
        #expect(try SessionPair.connect(server, client).outcome == "resumed")
        lists.update([])
        let pair = try SessionPair.connect(server, client)
        #expect(pair.client.failure?.reason == .noRevocationInformation)
    }

    @Test("A ticket of TLS 1.3 is offered once; a session of TLS 1.2 again and again")
    func tickets() throws {
        for version in versions {
            let settings = try SessionPair(version)
            let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
            _ = try SessionPair.connect(server, client)
            let pairs = try (0..<3).map { _ in try Pairing(server, client) }
            for pair in pairs {
                pair.client.start()
            }
            for pair in pairs {
                try pair.exchange()
            }
            // A server gives one ticket with a handshake of TLS 1.3.
            let expected = version == .tls13 ? ["resumed", "full", "full"] : ["resumed", "resumed", "resumed"]
            #expect(pairs.map(\.outcome) == expected)
        }
    }

    @Test("A failed handshake takes the session with it that it had offered", arguments: versions)
    func failure(version: TLSVersion) throws {
        let settings = try SessionPair(version)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        _ = try SessionPair.connect(server, client)
        while client.plan.sessions?.all.isEmpty == false {
            let connection = try client.makeConnection()
            connection.start()
            connection.receive(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
            #expect(connection.state == .failed)
        }
        #expect(try SessionPair.connect(server, client).outcome == "full")
    }

    @Test("There are never more than the capacity, and the oldest goes first")
    func capacity() throws {
        var settings = try SessionPair(.tls13)
        settings.client.sessions = .scoped(capacity: 3)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        _ = try SessionPair.connect(server, client)
        let first = try #require(client.plan.sessions?.all.first)
        for _ in 0..<3 {
            _ = try SessionPair.connect(server, client, offeringSession: false)
        }
        let all = try #require(client.plan.sessions?.all)
        #expect(all.count == 3 && !all.contains(first))
    }

    @Test("They survive a restart as bytes, with what the full handshake has shown", arguments: versions)
    func export(version: TLSVersion) throws {
        let settings = try SessionPair(version)
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        let full = try SessionPair.connect(server, client)
        let bytes = client.exportSessions()
        let restarted = try settings.client.resolve()
        try restarted.importSessions(bytes)
        #expect(restarted.exportSessions() == bytes)
        let pair = try SessionPair.connect(server, restarted)
        #expect(pair.outcome == "resumed")
        #expect(pair.client.information.verifiedChain == full.client.information.verifiedChain)

        var other = settings.client
        other.rootCAs = try shared.pool("root", "other-root")
        let wary = try other.resolve()
        try wary.importSessions(bytes)
        #expect(try SessionPair.connect(server, wary).outcome == "full", "other settings never offer them")
    }

    @Test(
        "Bytes that are no sessions are an error or leave the damaged ones out, whatever they are",
        arguments: versions
    )
    func garbage(version: TLSVersion) async throws {
        let settings = try SessionPair(version)
        let client = try settings.client.resolve()
        _ = try SessionPair.connect(settings.server.resolve(), client)
        let bytes = client.exportSessions()
        let reader = try settings.client.resolve()
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: MutualTLSError(.undecodableSessions, "")) {
                try reader.importSessions(Array(bytes.prefix(length)))
            }
        }
        #expect(reader.plan.sessions?.all.isEmpty == true)
        await Task.yield()
        var random = MutatedFlightTests.SplitMix64(state: 7)
        for _ in 0..<500 {
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            try? reader.importSessions(damaged)
        }
        let count = try #require(reader.plan.sessions?.all.count)
        #expect(count <= 32)
    }
}
