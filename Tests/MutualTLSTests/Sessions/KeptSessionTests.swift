import OpenSSL
import Testing

@testable import MutualTLS

@Suite("Sessions that the server keeps")
struct KeptSessionTests {
    /// Settings in which the server has ticket keys of its own.
    private func settings(
        _ version: TLSVersion = .tls13,
        _ mode: ClientAuth = .requireAndVerifyClientCert,
        credential: String? = "client",
        capacity: Int = 4_096
    ) throws -> SessionPair {
        var settings = try SessionPair(version, mode, credential: credential)
        settings.server.sessions = .scoped(capacity: capacity)
        return settings
    }

    private func kept(by server: MutualTLSServer) -> Int? { server.plan.sessions?.cache?.count }

    @Test("are those of TLS 1.3, one for each handshake, and their tickets are names of 32 bytes")
    func tickets() throws {
        let pair = try settings()
        let (server, client) = (try pair.server.resolve(), try pair.client.resolve())
        for handshake in 1...5 {
            let connection = try SessionPair.connect(server, client)
            #expect(connection.outcome == (handshake == 1 ? "full" : "resumed"))
            #expect(kept(by: server) == handshake)
            #expect(client.plan.sessions?.all.count == 1)
            let session = try #require(client.plan.sessions?.all.first).session
            #expect(session.bytes.count < 2_000, "it holds the server's certificate, and no encrypted session")
        }
    }

    @Test("are none where another server may have to resume, in TLS 1.2, and with a capacity of 0")
    func others() throws {
        let shared = try SessionPair(.tls13).server.resolve()
        #expect(shared.plan.sessions != nil && kept(by: shared) == nil)
        for settings in [try settings(.tls12), try settings(.tls13, capacity: 0)] {
            let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
            #expect(try SessionPair.connect(server, client).outcome == "full")
            #expect(try SessionPair.connect(server, client).outcome == "resumed")
            #expect(kept(by: server) ?? 0 == 0)
        }
    }

    @Test("tell of a resumed connection what tickets that hold the session tell", arguments: ClientAuth.allCases)
    func information(mode: ClientAuth) throws {
        var told: [ConnectionInformation] = []
        for capacity in [0, 4_096] {
            let settings = try settings(.tls13, mode, capacity: capacity)
            let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
            _ = try SessionPair.connect(server, client)
            let pair = try SessionPair.connect(server, client)
            #expect(pair.outcome == "resumed")
            told += [pair.server.information, pair.client.information]
        }
        #expect(told[0] == told[2] && told[1] == told[3])
    }

    @Test("may be named again, as tickets may come again after a connection that broke")
    func repeated() throws {
        let settings = try settings()
        let (server, first) = (try settings.server.resolve(), try settings.client.resolve())
        _ = try SessionPair.connect(server, first)
        let bytes = first.exportSessions()
        for _ in 0..<3 {
            let copy = try settings.client.resolve()
            try copy.importSessions(bytes)
            #expect(try SessionPair.connect(server, copy).outcome == "resumed")
        }
    }

    @Test("are not those of another server, of other names, or of damaged ones")
    func unknown() throws {
        let settings = try settings()
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        _ = try SessionPair.connect(server, client)
        let bytes = client.exportSessions()
        #expect(try SessionPair.connect(settings.server.resolve(), client).outcome == "full")
        // In libssl's encoding the ticket is a DER string under the tag 10, here of 32 bytes.
        let name = try #require(bytes.firstRange(of: [0xAA, 0x22, 0x04, 0x20]))
        var damaged = bytes
        damaged[name.upperBound] ^= 1
        let other = try settings.client.resolve()
        try other.importSessions(damaged)
        #expect(try SessionPair.connect(server, other).outcome == "full")
    }

    @Test("are not more than the capacity, and the oldest goes first")
    func capacity() throws {
        let settings = try settings(capacity: 2)
        let server = try settings.server.resolve()
        let clients = try (0..<3).map { _ in try settings.client.resolve() }
        for client in clients {
            #expect(try SessionPair.connect(server, client).outcome == "full")
        }
        #expect(kept(by: server) == 2)
        #expect(try SessionPair.connect(server, clients[2]).outcome == "resumed")
        #expect(try SessionPair.connect(server, clients[0]).outcome == "full")
        #expect(kept(by: server) == 2)
    }

    @Test("are forgotten with the lifetime, when others come")
    func past() throws {
        let settings = try settings()
        let server = try settings.server.resolve()
        let clients = try (0..<4).map { _ in try settings.client.resolve() }
        for client in clients.dropLast() {
            _ = try SessionPair.connect(server, client)
        }
        settings.clock.move(by: 3_601)
        #expect(try SessionPair.connect(server, clients[3]).outcome == "full")
        #expect(kept(by: server) == 1)
        #expect(try SessionPair.connect(server, clients[0]).outcome == "full")
    }

    @Test("have no more certificates than planned, whatever the clients send")
    func size() throws {
        let settings = try settings()
        let client = try settings.client.resolve()
        _ = try SessionPair.connect(settings.server.resolve(), client)
        let session = try #require(client.plan.sessions?.all.first).session
        let cache = ServerSessionCache(capacity: 10, lifetime: 3_600)
        let now = Timestamp(secondsSinceEpoch: 0)
        func keep(_ name: UInt8, _ size: Int) -> Bool { cache.keep(session, named: [name], ofSize: size, at: now) }
        #expect(!keep(0, 40_961) && cache.count == 0)
        #expect(keep(1, 20_000) && keep(2, 20_000) && keep(3, 960))
        #expect(cache.count == 3)
        #expect(keep(4, 1) && cache.count == 3 && cache.session(named: [1]) == nil)
        #expect(keep(5, 40_960) && cache.count == 1 && cache.session(named: [5]) != nil)
        #expect(!keep(5, 1), "two sessions never have one name")
        for name in UInt8(6)...255 {
            #expect(keep(name, 100))
        }
        #expect(cache.count == 10 && cache.session(named: [245]) == nil && cache.session(named: [246]) != nil)
    }

    @Test("hold the certificates of a session that was resumed again and again")
    func sizeOfResumed() throws {
        let settings = try settings()
        let (server, client) = (try settings.server.resolve(), try settings.client.resolve())
        let first = try SessionPair.connect(server, client)
        let size = first.server.engine.sessionCertificatesLength
        #expect(size == (try shared.identity("client")).chain.reduce(0) { $0 + $1.derBytes.count })
        for _ in 0..<3 {
            #expect(try SessionPair.connect(server, client).server.engine.sessionCertificatesLength == size)
        }
    }
}
