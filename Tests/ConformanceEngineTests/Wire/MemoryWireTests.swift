import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Memory wire")
struct MemoryWireTests {
    /// Each phase with the flights that each side has read when a connection stands there.
    private static let handshakes: [(name: String, pair: @Sendable () -> ScriptedPair, read: [Phase: [Int]])] = [
        (
            "1.2", { ScriptedPair.tls12() },
            [
                .beforeClientHello: [0, 0], .clientHelloProcessed: [1, 0], .clientFlightSent: [1, 1],
                .clientFlightProcessed: [2, 1], .established: [2, 2],
            ]
        ),
        (
            "1.3", { ScriptedPair.tls13() },
            [
                .beforeClientHello: [0, 0], .clientHelloProcessed: [1, 0], .clientFlightSent: [1, 1],
                .clientFlightProcessed: [2, 1], .established: [2, 1],
            ]
        ),
    ]

    @Test("stops at a phase with exactly the flights before it delivered", arguments: handshakes.indices)
    func stopsAtPhase(index: Int) throws {
        let handshake = Self.handshakes[index]
        for (phase, read) in handshake.read {
            let pair = handshake.pair()
            #expect(try pair.wire.advance(to: phase))
            #expect([pair.server.heard.count, pair.client.heard.count] == read, "TLS \(handshake.name), \(phase)")
            #expect(pair.wire.phase == phase)
        }
    }

    @Test("delivers a ClientHello in parts, and stands still between them")
    func partsOfClientHello() throws {
        let hello = Record.handshake(1)
        let pair = ScriptedPair(
            server: [.init([]), .init([]), .init(Record.handshake(2)), .init([], .established)],
            client: [.init(Record.handshake(3), .established)]
        )
        #expect(try pair.wire.advance(to: .clientHelloFirstByte))
        #expect(pair.server.heard == [[hello[0]]])
        #expect(pair.wire.phase == .clientHelloFirstByte)
        #expect(try pair.wire.advance(to: .clientHelloAllButLastByte))
        #expect(pair.server.heard == [[hello[0]], Array(hello[1..<5])])
        #expect(pair.wire.phase == .clientHelloAllButLastByte)
        #expect(try pair.wire.advance(to: .clientHelloProcessed))
        #expect(pair.server.heard.last == [hello[5]])
        #expect(pair.client.heard.isEmpty)
        try pair.wire.settle()
        #expect(pair.wire.phase == .established)
    }

    @Test("delivers all but the last byte of a ClientHello at once")
    func allButLastByte() throws {
        let pair = ScriptedPair(server: [.init([]), .init(Record.alert, .failed)], client: [.init([], .failed)])
        #expect(try pair.wire.advance(to: .clientHelloAllButLastByte))
        #expect(pair.server.heard == [Array(Record.handshake(1).dropLast())])
        try pair.wire.settle()
        #expect(pair.server.heard.last == [Record.handshake(1)[5]])
    }

    @Test("goes on from a phase to the next ones")
    func goesOn() throws {
        let pair = ScriptedPair.tls12()
        let phases: [Phase] = [
            .beforeClientHello, .clientHelloProcessed, .clientFlightSent, .clientFlightProcessed, .established,
        ]
        for phase in phases {
            #expect(try pair.wire.advance(to: phase))
        }
        try pair.wire.settle()
        #expect(pair.wire.fate(of: .server).completedHandshake)
        #expect(pair.wire.fate(of: .client).completedHandshake)
    }

    @Test("does not take a HelloRetryRequest for the server's flight")
    func retry() throws {
        let random: [UInt8] = [
            0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
            0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
        ]
        let retry: [UInt8] = [22, 3, 3, 0, 38, 2, 0, 0, 34, 3, 3] + random
        let pair = ScriptedPair(
            server: [.init(retry), .init(Record.handshake(2)), .init([], .established)],
            client: [.init(Record.handshake(1)), .init(Record.handshake(3), .established)]
        )
        #expect(try pair.wire.advance(to: .clientFlightSent))
        #expect([pair.server.heard.count, pair.client.heard.count] == [2, 2])
    }

    @Test("carries a greeting and its answer")
    func exchanges() throws {
        let pair = ScriptedPair.tls13()
        try pair.wire.settle()
        #expect(try pair.wire.exchange())
        #expect(pair.client.heard.last == MemoryWire.greeting)
        #expect(pair.server.heard.last == MemoryWire.answer)
    }

    @Test("says that an exchange failed when the greeting does not arrive")
    func exchangeNeedsConnection() throws {
        let pair = ScriptedPair(server: [.init(Record.alert, .failed)], client: [.init([], .failed)])
        try pair.wire.settle()
        #expect(try !pair.wire.exchange())
    }

    @Test("delivers the alert of a side that failed, then the end of input")
    func deliversAlert() throws {
        let pair = ScriptedPair(
            server: [.init(Record.handshake(2)), .init(Record.alert, .failed)],
            client: [.init(Record.handshake(3), .established)]
        )
        #expect(try !pair.wire.advance(to: .established))
        #expect(pair.client.heard.last == Record.alert)
        #expect(pair.client.sawEndOfInput)
        #expect(!pair.server.sawEndOfInput)
    }

    @Test("knows a failure after the side's own handshake from one in it")
    func noticePoints() throws {
        let pair = ScriptedPair(
            server: [.init(Record.handshake(2)), .init(Record.alert, .failed)],
            client: [.init(Record.handshake(3), .established)]
        )
        try pair.wire.settle()
        let server = pair.wire.fate(of: .server)
        let client = pair.wire.fate(of: .client)
        #expect(server.failed && server.noticed == .handshake)
        #expect(client.failed && client.noticed == .firstRead)
    }

    @Test("counts the bytes that each side received")
    func countsBytes() throws {
        let pair = ScriptedPair(server: [], client: [])
        #expect(throws: WireStalled.self) { try pair.wire.settle() }
        #expect(pair.wire.fate(of: .server).receivedBytes == 6)
        #expect(pair.wire.fate(of: .client).receivedBytes == 0)
    }

    @Test("names the last flight of a handshake in which both sides wait")
    func deadlock() {
        let pair = ScriptedPair(server: [.init([])], client: [])
        let expected =
            "both sides wait, and the server still shakes hands after flight 1, client to server, 6 bytes (handshake)"
        #expect(throws: WireStalled(description: expected)) { try pair.wire.settle() }
    }

    @Test("ends a connection that never comes to rest")
    func bounded() {
        let chatter = Array(repeating: ScriptedEndpoint.Turn(Record.handshake(9)), count: 100)
        let pair = ScriptedPair(server: chatter, client: chatter, limits: WireLimits(flights: 5, bytes: 1_000))
        let expected = "more than 5 flights or 1000 bytes after flight 5, client to server, 6 bytes (handshake)"
        #expect(throws: WireStalled(description: expected)) { try pair.wire.settle() }
    }

    @Test("closes from both sides and then ends the transport")
    func closes() throws {
        let pair = ScriptedPair.tls13()
        try pair.wire.settle()
        try pair.wire.close()
        #expect(pair.wire.phase == .closed)
        #expect(pair.server.sawEndOfInput && pair.client.sawEndOfInput)
        #expect(!pair.wire.fate(of: .server).failed && !pair.wire.fate(of: .client).failed)
    }
}
