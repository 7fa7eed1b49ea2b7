import GnuTLSPeer
import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("An acceptor with connections that stall", .serialized)
struct StalledConnectionTests {
    /// 200 connections of which one third says nothing, one third half a ClientHello, and one third a byte at a time.
    ///
    /// A silent one gives way where all places are taken, so there can be none.
    private static func stall(
        _ loopback: Loopback,
        withSilent: Bool = true
    ) async throws -> (all: [any Channel], trickling: [any Channel]) {
        let session = try TestPKI.gnuTLSClient("valid", .tls13).makeSession()
        session.start()
        let hello = session.takeOutput()
        var all: [any Channel] = []
        var trickling: [any Channel] = []
        for index in 0..<200 {
            let channel = try await loopback.connectPlain()
            all.append(channel)
            switch withSilent ? index % 3 : 1 {
            case 0: break
            case 1: channel.writeAndFlush(ByteBuffer(bytes: hello.prefix(hello.count / 2)), promise: nil)
            default: trickling.append(channel)
            }
        }
        return (all, trickling)
    }

    @Test("serves good clients between 200 stalled connections, and lets each of them be")
    func between() async throws {
        try await Loopback.with(TestPKI.server()) { loopback in
            let stalled = try await Self.stall(loopback)
            // The header of a record that never becomes whole, a byte after each client that is served.
            let trickle: [UInt8] = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03]
            for byte in trickle {
                for channel in stalled.trickling { channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil) }
                #expect(try await loopback.greeting(TestPKI.client(), count: 12) == "hello valid\n")
            }
            #expect(loopback.acceptor.connectionCount >= stalled.all.count)
            for channel in stalled.all { try await channel.close().get() }
            var failures = loopback.failures.makeAsyncIterator()
            for _ in stalled.all { #expect(await failures.next()?.reason == .truncated) }
        }
    }

    @Test("lets good clients wait for no longer than the stalled ones may take, beyond the limit of handshakes")
    func limit() async throws {
        var options = MutualTLSAcceptorOptions()
        options.maximumHandshakes = 100
        options.limits.handshakeTimeout = .milliseconds(500)
        try await Loopback.with(TestPKI.server(), options: options) { loopback in
            let stalled = try await Self.stall(loopback, withSilent: false)
            #expect(loopback.acceptor.connectionCount <= 100)
            #expect(try await loopback.greeting(TestPKI.client(), count: 12) == "hello valid\n")
            var failures = loopback.failures.makeAsyncIterator()
            for _ in stalled.all { #expect(await failures.next()?.reason == .timedOut) }
            for channel in stalled.all { try await channel.closeFuture.get() }
        }
    }
}
