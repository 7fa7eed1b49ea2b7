import MutualTLS
import MutualTLSNIO
import NIOCore
import Testing

@Suite("The shutdown of an acceptor")
struct ShutdownTests {
    @Test("closes idle connections with close_notify, and takes no more")
    func idle() async throws {
        var options = MutualTLSAcceptorOptions()
        options.quietPeriod = .milliseconds(1)
        try await Loopback.with(TestPKI.server(), options: options) { loopback in
            let promise = Loopback.group.any().makePromise(of: [UInt8].self)
            let connection = try await loopback.dial(TestPKI.client()) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteCollector(.max, promise))
                }
            }
            await loopback.acceptor.shutdown(deadline: .seconds(60))
            // A stream that is cut would fail the promise as truncated.
            #expect(try await promise.futureResult.get() == Array("hello valid\n".utf8))
            try await connection.channel.closeFuture.get()
            await #expect(throws: MutualTLSError.self) { try await loopback.dial(TestPKI.client()) }
        }
    }

    @Test("cuts what is still open after the deadline")
    func deadline() async throws {
        try await Loopback.with(TestPKI.server()) { loopback in
            let stalled = try await loopback.connectPlain()
            await loopback.acceptor.shutdown(deadline: .milliseconds(10))
            try await stalled.closeFuture.get()
            #expect(loopback.acceptor.connectionCount == 0)
        }
    }
}
