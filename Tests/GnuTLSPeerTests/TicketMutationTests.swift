internal import Testing

@testable internal import GnuTLSPeer

@Suite("Tickets that went wrong")
struct TicketMutationTests {
    @Test("500 broken tickets are declined without a word", arguments: GnuTLSVersion.allCases)
    func garbage(_ version: GnuTLSVersion) async throws {
        let pki = try TestPKI.shared.get()
        let pair = try Resuming(version, .requireAndVerifyClientCert, identity: pki.valid)
        _ = try pair.connect()
        let kept = try #require(pair.client.keptSession)
        let probe = try pair.client.makeSession()
        probe.start()
        let ticket = try #require(Self.ticket(inClientHello: probe.takeOutput()))
        let place = try #require(kept.indices.first { kept[$0...].starts(with: ticket) })
        for seed in 0..<500 {
            var random = SeededGenerator(state: UInt64(seed))
            var broken = kept
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let offset = Int.random(in: 0..<ticket.count, using: &random)
                broken[place + offset] = kept[place + offset] ^ .random(in: 1 ... .max, using: &random)
            }
            pair.client.keptSession = broken
            let wire = try pair.connect()
            #expect(wire.server.report.accepted && wire.client.report.accepted, "seed \(seed)")
            #expect(!wire.server.report.resumed && !wire.client.report.resumed, "seed \(seed)")
            #expect(wire.server.report.peerVerified, "seed \(seed)")
            await Task.yield()
        }
        pair.client.keptSession = kept
        #expect(try pair.connect().server.report.resumed)
    }

    @Test("500 mutated flights of a resumed handshake end in an error or an alert", arguments: GnuTLSVersion.allCases)
    func mutated(_ version: GnuTLSVersion) async throws {
        let pki = try TestPKI.shared.get()
        let pair = try Resuming(version, .requireAndVerifyClientCert, identity: pki.valid)
        _ = try pair.connect()
        let kept = pair.client.keptSession
        for seed in 0..<500 {
            var random = SeededGenerator(state: UInt64(seed))
            pair.client.keptSession = kept
            let wire = Wire(try pair.server.makeSession(), try pair.client.makeSession())
            let broken = Int.random(in: 0..<4, using: &random)
            wire.client.start()
            for flight in 0..<8 {
                let (from, to) = flight.isMultiple(of: 2) ? (wire.client, wire.server) : (wire.server, wire.client)
                var bytes = from.takeOutput()
                if flight == broken { MutationTests.mutate(&bytes, &random) }
                to.receive(bytes)
            }
            for session in [wire.client, wire.server] {
                session.send([1])
                session.receiveEndOfInput()
                #expect(session.state == .failed || session.report.accepted, "seed \(seed)")
                #expect(session.report.failure != nil || session.report.accepted, "seed \(seed)")
            }
            await Task.yield()
        }
    }

    @Test(
        "What is no session is an error at the start",
        arguments: [[], [0], [0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7]]
    )
    func noSession(_ bytes: [UInt8]) throws {
        let pair = try Resuming(.tls13)
        pair.client.keptSession = bytes
        let wire = try pair.connect()
        #expect(wire.client.state == .failed)
        #expect(wire.client.report.failure?.during == .handshake)
        #expect(!wire.client.report.resumed && !wire.server.report.resumed)
        pair.client.forgetSession()
        #expect(try pair.connect().client.report.accepted)
    }

    /// The ticket in a record with a ClientHello: session_ticket (RFC 5077 section 3.2), or the first identity of
    /// pre_shared_key (RFC 8446 section 4.2.11).
    private static func ticket(inClientHello record: [UInt8]) -> [UInt8]? {
        var hello = ByteReader(Array(record.dropFirst(5 + 4)))
        guard hello.take(2 + 32) != nil, hello.vector(1) != nil, hello.vector(2) != nil, hello.vector(1) != nil,
            var extensions = hello.vector(2)
        else { return nil }
        var ticket: [UInt8]?
        while let type = extensions.number(2), var content = extensions.vector(2) {
            switch type {
            case 35 where !content.isEmpty: ticket = content.rest
            case 41:
                var identities = content.vector(2)
                ticket = identities?.vector(2)?.rest
            default: continue
            }
        }
        return ticket
    }
}
