import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOEmbedded
import Testing

@Suite("A handler and a peer that stalls")
struct StalledPeerTests {
    @Test("drops a silent peer when the handshake's time is over")
    func silent() throws {
        let server = try MemoryPeer(MutualTLSHandler(server: TestPKI.server()))
        try server.connect()
        server.channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(server.channel.isActive)
        server.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(!server.channel.isActive)
        #expect(server.events.failures.map(\.reason) == [.timedOut])
        #expect(server.events.events == ["failed timedOut", "inactive"])
    }

    @Test("drops a peer that sends a byte a second, on time")
    func trickle() throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client())
        try pair.connect()
        let hello = try pair.client.takeOutput()
        for byte in hello.prefix(9) {
            pair.server.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            pair.server.give([byte])
        }
        #expect(pair.server.channel.isActive)
        pair.server.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!pair.server.channel.isActive)
        #expect(pair.server.events.failures.map(\.reason) == [.timedOut])
    }

    @Test("drops a client that stalls in the middle of a handshake", arguments: TLSVersion.allCases)
    func stallAfterFirstFlight(version: TLSVersion) throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client("valid", version))
        try pair.connect()
        pair.server.give(try pair.client.takeOutput())
        #expect(try !pair.server.takeOutput().isEmpty)
        pair.server.channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(pair.server.events.failures.map(\.reason) == [.timedOut])
        #expect(!pair.server.channel.isActive)
    }

    @Test("lets an established connection be silent for as long as it wants")
    func established() throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client())
        try pair.connect()
        try pair.pump()
        pair.server.channel.embeddedEventLoop.advanceTime(by: .hours(10))
        #expect(pair.server.channel.isActive)
        #expect(pair.server.events.events == ["completed"])
    }

    @Test("cuts a refused peer that doesn't close, when the linger time is over")
    func linger() throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client("untrusted"))
        try pair.connect()
        pair.server.give(try pair.client.takeOutput())
        pair.client.give(try pair.server.takeOutput())
        pair.server.give(try pair.client.takeOutput())
        #expect(pair.server.events.failures.map(\.reason) == [.unknownAuthority])
        #expect(try !pair.server.takeOutput().isEmpty)
        pair.server.give([UInt8](repeating: 0, count: 1000))
        #expect(pair.server.channel.isActive)
        pair.server.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!pair.server.channel.isActive)
    }

    @Test("cuts a refused peer that goes on sending, after the linger bytes")
    func lingerBytes() throws {
        var limits = MutualTLSLimits.server
        limits.lingerBytes = 10_000
        let server = try MemoryPeer(MutualTLSHandler(server: TestPKI.server(), limits: limits))
        try server.connect()
        server.give(Array("GET / HTTP/1.1\r\n".utf8))
        server.give([UInt8](repeating: 0, count: 10_000))
        #expect(server.channel.isActive)
        server.give([0])
        #expect(!server.channel.isActive)
    }

    @Test("holds reads back while its answers wait for the peer to take them")
    func backPressure() throws {
        final class ReadCounter: ChannelOutboundHandler {
            typealias OutboundIn = ByteBuffer
            var count = 0
            func read(context: ChannelHandlerContext) {
                count += 1
                context.read()
            }
        }
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client())
        let counter = ReadCounter()
        try pair.server.channel.pipeline.syncOperations.addHandler(counter, position: .first)
        try pair.connect()
        try pair.pump()
        let before = counter.count
        pair.server.channel.isWritable = false
        pair.server.channel.read()
        pair.server.channel.read()
        #expect(counter.count == before)
        pair.server.channel.isWritable = true
        pair.server.channel.pipeline.fireChannelWritabilityChanged()
        #expect(counter.count == before + 1)
    }
}
