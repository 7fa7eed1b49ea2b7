import MutualTLS
import MutualTLSNIO
import NIOCore

/// Keeps what a handler behind TLS is told.
final class EventRecorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var events: [String] = []
    private(set) var failures: [ConnectionFailure] = []
    private(set) var received: [UInt8] = []
    private(set) var information: ConnectionInformation?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytesView
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? MutualTLSEvent {
        case .handshakeCompleted(let information):
            self.information = information
            events.append("completed")
        case .confirmed: events.append("confirmed")
        case .failed(let failure, let information):
            self.information = information
            events.append("failed \(failure.reason)")
        case .peerClosed: events.append("peerClosed")
        case .shutdownRequested: events.append("shutdownRequested")
        case nil:
            if case ChannelEvent.inputClosed? = event as? ChannelEvent { events.append("inputClosed") }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let failure = error as? ConnectionFailure { failures.append(failure) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        events.append("inactive")
        context.fireChannelInactive()
    }
}
