import GnuTLSPeer
import MutualTLS
import NIOCore

/// A GnuTLS client on a channel, which waits for the server's verdict: application data, or the end.
final class GnuTLSHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let session: GnuTLSSession
    private let promise: EventLoopPromise<GnuTLSReport>

    init(_ credential: String?, _ version: TLSVersion, _ promise: EventLoopPromise<GnuTLSReport>) throws {
        session = try TestPKI.gnuTLSClient(credential, version).makeSession()
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        session.start()
        flush(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        session.receive(Array(unwrapInboundIn(data).readableBytesView))
        flush(context)
        if !session.takeApplicationData().isEmpty || session.state == .failed { end(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        session.receiveEndOfInput()
        promise.succeed(session.report)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    private func flush(_ context: ChannelHandlerContext) {
        let output = session.takeOutput()
        guard !output.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: output)), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext) {
        promise.succeed(session.report)
        context.close(promise: nil)
    }
}
