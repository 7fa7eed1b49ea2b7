import GnuTLSPeer
import MutualTLS
import NIOCore

/// One side of GnuTLS on a channel, which waits for the other side's verdict: application data, or the end.
final class GnuTLSHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let session: GnuTLSSession
    private let promise: EventLoopPromise<GnuTLSReport>

    init(_ session: GnuTLSSession, _ promise: EventLoopPromise<GnuTLSReport>) {
        self.session = session
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
