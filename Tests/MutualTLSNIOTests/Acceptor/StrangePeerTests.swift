import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

/// Bytes that come to a TLS port and aren't TLS, and the words about them.
struct StrangePeer: Sendable, CustomTestStringConvertible {
    enum Ending { case none, closes, resets }

    let name: String
    var bytes: [UInt8] = []
    var ending = Ending.none
    let reasons: Set<String>
    let words: String

    var testDescription: String { name }

    static let all = [
        StrangePeer(
            name: "plain HTTP",
            bytes: Array("GET / HTTP/1.1\r\nHost: server.test\r\n\r\n".utf8),
            reasons: ["notTLS"],
            words: "The peer speaks plain HTTP: the client sent a request without TLS."
        ),
        StrangePeer(
            name: "a PROXY header of version 1",
            bytes: Array("PROXY TCP4 192.0.2.1 192.0.2.2 40000 443\r\n".utf8),
            reasons: ["notTLS"],
            words: "The client sent a header of the PROXY protocol before TLS"
        ),
        StrangePeer(
            name: "a PROXY header of version 2",
            bytes: [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12]
                + [192, 0, 2, 1, 192, 0, 2, 2, 0x9C, 0x40, 0x01, 0xBB],
            reasons: ["notTLS"],
            words: "The client sent a header of the PROXY protocol before TLS"
        ),
        StrangePeer(
            name: "garbage",
            bytes: [UInt8](repeating: 0xA5, count: 64),
            reasons: ["notTLS"],
            words: "What the client sent isn't TLS: expected a TLS record, found bytes that start with a5 a5"
        ),
        StrangePeer(
            name: "garbage behind the header of a record",
            bytes: [0x16, 0x03, 0x01, 0x00, 0x05] + [UInt8](repeating: 0xA5, count: 64),
            reasons: ["protocolError"],
            words: "client"
        ),
        StrangePeer(
            name: "an end before a byte",
            ending: .closes,
            reasons: ["truncated"],
            words: "The client closed the connection before it sent a byte, as health checks and port scans do."
        ),
        StrangePeer(
            name: "an end in a ClientHello",
            bytes: [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00],
            ending: .closes,
            reasons: ["truncated"],
            words: "The client ended the stream without close_notify."
        ),
        // Whether the system hands out a connection that was reset, or its end, depends on who is quicker.
        StrangePeer(
            name: "a reset before a byte",
            ending: .resets,
            reasons: ["transport", "truncated"],
            words: "The c"
        ),
    ]
}

@Suite("An acceptor and a peer that isn't a TLS client")
struct StrangePeerTests {
    @Test("says what came, and goes on serving", arguments: StrangePeer.all)
    func peer(_ peer: StrangePeer) async throws {
        try await Loopback.with(TestPKI.server()) { loopback in
            let channel = try await loopback.connectPlain(resetsOnClose: peer.ending == .resets)
            // The acceptor may have closed before the write is known to be done.
            try? await channel.writeAndFlush(ByteBuffer(bytes: peer.bytes)).get()
            if peer.ending != .none { try? await channel.close().get() }
            var failures = loopback.failures.makeAsyncIterator()
            let failure = try #require(await failures.next())
            #expect(peer.reasons.contains(failure.reason.rawValue), "\(failure)")
            #expect(failure.message.contains(peer.words), "\(failure)")
            #expect(failure.blame == .peer)
            try await channel.closeFuture.get()
            #expect(try await loopback.greeting(TestPKI.client(), count: 12) == "hello valid\n")
        }
    }
}
