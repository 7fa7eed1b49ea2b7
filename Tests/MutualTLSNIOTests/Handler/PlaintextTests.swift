import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOEmbedded
import Testing

@Suite("A handler and a peer that doesn't speak TLS")
struct PlaintextTests {
    static let openings: [(bytes: [UInt8], message: String)] = [
        (Array("GET / HTTP/1.1\r\nHost: server.test\r\n\r\n".utf8), "The peer speaks plain HTTP"),
        (Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), "The peer speaks plain HTTP"),
        (Array("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".utf8), "header of the PROXY protocol"),
        ([0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 0], "PROXY protocol"),
        (Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), "speaks SSH"),
        ([UInt8](repeating: 0xA5, count: 64), "isn't TLS: expected a TLS record, found bytes that start with a5 a5"),
    ]

    @Test("names what it speaks instead", arguments: openings)
    func opening(bytes: [UInt8], message: String) throws {
        let server = try MemoryPeer(MutualTLSHandler(server: TestPKI.server()))
        try server.connect()
        server.give(bytes)
        let failure = try #require(server.events.failures.first)
        #expect(server.events.failures.count == 1)
        #expect(failure.reason == .notTLS)
        #expect(failure.blame == .peer)
        #expect(failure.message.contains(message), "\(failure.message)")
    }

    @Test("names it when the stream ends or stalls after a few bytes", arguments: [true, false])
    func short(ends: Bool) throws {
        let server = try MemoryPeer(MutualTLSHandler(server: TestPKI.server()))
        try server.connect()
        server.give(Array("GET ".utf8))
        if ends {
            server.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            server.channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        }
        #expect(server.events.failures.map(\.reason) == [.notTLS])
    }

    @Test("names a server that answers plain HTTP")
    func plainServer() throws {
        let client = try MemoryPeer(MutualTLSHandler(client: TestPKI.client()))
        try client.connect()
        client.give(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        #expect(client.events.failures.map(\.reason) == [.notTLS])
        #expect(client.events.failures.first?.message.hasPrefix("The peer speaks plain HTTP") == true)
    }

    @Test("doesn't call broken TLS another protocol")
    func brokenTLS() throws {
        let server = try MemoryPeer(MutualTLSHandler(server: TestPKI.server()))
        try server.connect()
        server.give([0x16, 0x03, 0x01, 0x00, 0x05, 0x63, 0x00, 0x00, 0x01, 0x00])
        #expect(server.events.failures.map(\.reason) == [.protocolError])
    }
}
