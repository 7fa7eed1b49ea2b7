import MutualTLS
import MutualTLSNIO
import NIOCore

/// Greets a client by the name in its certificate, then echoes.
final class Greeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let information)? = event as? MutualTLSEvent else { return }
        let name = information.peerCertificates.first?.commonName ?? "anonymous"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "hello \(name)\n")), promise: nil)
    }
}

/// Waits for a number of bytes, or for the end of the stream.
final class ByteCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let count: Int
    private let promise: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []

    init(_ count: Int, _ promise: EventLoopPromise<[UInt8]>) {
        self.count = count
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        if bytes.count >= count { promise.succeed(bytes) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(bytes)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }
}
