internal import NIOCore

/// Stops a listening channel from accepting while too many handshakes are under way.
///
/// The listening channel accepts one connection a read, so the limit holds exactly.
final class HandshakeGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let registry: ConnectionRegistry

    init(_ registry: ConnectionRegistry) {
        self.registry = registry
    }

    func read(context: ChannelHandlerContext) {
        let channel = context.channel
        // The whole pipeline is asked again, this gate with it: more may have come in meanwhile.
        let hasRoom = registry.hasRoom { channel.eventLoop.execute { channel.read() } }
        if hasRoom { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let child = unwrapInboundIn(data)
        guard registry.add(child) else {
            child.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}
