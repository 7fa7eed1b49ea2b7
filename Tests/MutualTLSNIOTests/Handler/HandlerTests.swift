import MutualTLS
import MutualTLSNIO
import NIOCore
import NIOEmbedded
import Testing

@Suite("A handler in a pipeline")
struct HandlerTests {
    @Test("finishes the handshake with bytes in pieces of any size", arguments: [1, 7, Int.max], TLSVersion.allCases)
    func handshake(pieces: Int, version: TLSVersion) throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client("valid", version))
        try pair.connect()
        try pair.pump(pieces: pieces)
        #expect(pair.server.events.events == ["completed"])
        #expect(pair.client.events.events.first == "completed")
        #expect(pair.server.events.information?.isPeerVerified == true)
        #expect(pair.server.events.information?.peerCertificates.first?.commonName == "valid")
        #expect(pair.client.events.information?.version == version)
    }

    @Test("keeps what is written during the handshake, and completes its promise afterwards")
    func earlyWrite() throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client())
        try pair.connect()
        var completed = false
        pair.client.write("early").assumeIsolated().whenSuccess { completed = true }
        #expect(!completed)
        try pair.pump()
        #expect(completed)
        #expect(pair.server.events.received == Array("early".utf8))
    }

    @Test("refuses early writes beyond the limit, and keeps those before")
    func tooManyEarlyWrites() throws {
        var limits = MutualTLSLimits.client
        limits.pendingWriteBytes = 10
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client(), clientLimits: limits)
        try pair.connect()
        var error: (any Error)?
        _ = pair.client.write("123456789")
        pair.client.write("12").assumeIsolated().whenFailure { error = $0 }
        #expect((error as? MutualTLSError)?.code == .tooManyPendingWrites)
        #expect((error as? MutualTLSError)?.blame == .caller)
        try pair.pump()
        #expect(pair.server.events.received == Array("123456789".utf8))
    }

    @Test("tells a refused client once, sends the alert, and fails what was written")
    func refusal() throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client("untrusted"))
        try pair.connect()
        try pair.pump()
        #expect(pair.server.events.events == ["failed unknownAuthority"])
        #expect(pair.server.events.failures.count == 1)
        #expect(pair.server.events.failures.first?.alertSent == .unknownCA)
        #expect(pair.client.events.events == ["completed", "failed peerAlert", "inactive"])
        #expect(pair.client.events.failures.map(\.alertReceived) == [.unknownCA])
        #expect(pair.client.events.failures.first?.phase == .read)
        var error: (any Error)?
        pair.server.write("late").assumeIsolated().whenFailure { error = $0 }
        #expect((error as? ConnectionFailure)?.reason == .unknownAuthority)
    }

    @Test("doesn't let a handler that closes upon the error cut the alert off")
    func closeUponError() throws {
        final class Closer: ChannelInboundHandler {
            typealias InboundIn = ByteBuffer
            func errorCaught(context: ChannelHandlerContext, error: any Error) {
                context.close(promise: nil)
            }
        }
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client("untrusted", .tls12))
        try pair.server.channel.pipeline.syncOperations.addHandler(Closer())
        try pair.connect()
        try pair.pump()
        #expect(pair.client.events.failures.map(\.alertReceived) == [.unknownCA])
    }

    @Test("answers close_notify with close_notify, after what is written before")
    func close() throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client())
        try pair.connect()
        try pair.pump()
        _ = pair.client.write("last words")
        var isClosed = false
        pair.client.channel.close().assumeIsolated().whenSuccess { isClosed = true }
        try pair.pump()
        #expect(pair.server.events.received == Array("last words".utf8))
        #expect(pair.server.events.events.contains("peerClosed"))
        #expect(pair.server.events.failures.isEmpty)
        #expect(pair.client.events.failures.isEmpty)
        #expect(pair.client.events.events.last == "inactive")
        #expect(isClosed)
    }

    @Test("goes on writing after the peer's close_notify, if half-closure is allowed")
    func halfClosure() throws {
        var limits = MutualTLSLimits.server
        limits.allowsHalfClosure = true
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client(), serverLimits: limits)
        try pair.connect()
        try pair.pump()
        pair.client.channel.close(mode: .output, promise: nil)
        try pair.pump()
        #expect(pair.server.events.events == ["completed", "peerClosed", "inputClosed"])
        _ = pair.server.write("answer")
        try pair.pump()
        #expect(pair.client.events.received == Array("answer".utf8))
        var error: (any Error)?
        pair.client.write("more").assumeIsolated().whenFailure { error = $0 }
        #expect(error as? ChannelError == .outputClosed)
    }

    @Test("tells a stream that ends without close_notify as truncated")
    func truncation() throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client())
        try pair.connect()
        try pair.pump()
        pair.server.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(pair.server.events.failures.map(\.reason) == [.truncated])
        #expect(pair.server.events.failures.first?.phase == .read)
    }

    @Test("tells a reset as a failure of the transport, with the peer to blame")
    func reset() throws {
        let pair = try BackToBack(server: TestPKI.server(), client: TestPKI.client())
        try pair.connect()
        pair.server.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        pair.server.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        #expect(pair.server.events.failures.map(\.reason) == [.transport])
        #expect(pair.server.events.failures.first?.blame == .peer)
    }
}
