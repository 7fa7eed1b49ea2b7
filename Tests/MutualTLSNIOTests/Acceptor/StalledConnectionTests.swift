import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("An acceptor with connections that stall", .serialized)
struct StalledConnectionTests {
    @Test("serves good clients between 200 stalled connections")
    func between() async throws {
        try await Loopback.with(TestPKI.server()) { loopback in
            var stalled: [any Channel] = []
            for _ in 0..<200 { stalled.append(try await loopback.connectPlain()) }
            for _ in 0..<10 {
                #expect(try await loopback.greeting(TestPKI.client(), count: 12) == "hello valid\n")
            }
            // On a busy machine the acceptor may have run out of patience with some.
            for channel in stalled { try? await channel.close().get() }
        }
    }

    @Test("lets good clients wait for no longer than the stalled ones may take, beyond the limit of handshakes")
    func limit() async throws {
        var options = MutualTLSAcceptorOptions()
        options.maximumHandshakes = 100
        options.limits.handshakeTimeout = .milliseconds(500)
        try await Loopback.with(TestPKI.server(), options: options) { loopback in
            var stalled: [any Channel] = []
            for _ in 0..<200 { stalled.append(try await loopback.connectPlain()) }
            #expect(loopback.acceptor.connectionCount <= 100)
            #expect(try await loopback.greeting(TestPKI.client(), count: 12) == "hello valid\n")
            var failures = loopback.failures.makeAsyncIterator()
            for _ in 0..<200 { #expect(await failures.next()?.reason == .timedOut) }
            for channel in stalled { try await channel.closeFuture.get() }
        }
    }
}
