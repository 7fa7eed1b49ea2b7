internal import MutualTLS
internal import NIOCore

/// Waits behind TLS for the outcome of a dialed connection.
final class DialObserver: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let confirmation: MutualTLSDialerOptions.Confirmation
    private let outcome: EventLoopPromise<DialedConnection>
    private var established: ConnectionInformation?
    private var timer: Scheduled<Void>?
    private var isSettled = false

    init(_ confirmation: MutualTLSDialerOptions.Confirmation, on loop: any EventLoop) {
        self.confirmation = confirmation
        outcome = loop.makePromise()
    }

    var result: EventLoopFuture<DialedConnection> { outcome.futureResult }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? MutualTLSEvent {
        case .handshakeCompleted(let information):
            established = information
            switch confirmation {
            case .none: settle(information, isConfirmed: false, context)
            case .waits(let time):
                timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
                    self.settle(information, isConfirmed: false, context)
                }
            }
        case .confirmed(let information):
            settle(information, isConfirmed: true, context)
        case .failed(let failure, _):
            settle(failure)
        case .peerClosed, .shutdownRequested, nil:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        settle(ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        settle(ChannelError.ioOnClosedChannel)
    }

    private func settle(_ information: ConnectionInformation, isConfirmed: Bool, _ context: ChannelHandlerContext) {
        guard !isSettled else { return }
        isSettled = true
        timer?.cancel()
        outcome.succeed(
            DialedConnection(channel: context.channel, information: information, isConfirmed: isConfirmed)
        )
    }

    private func settle(_ error: any Error) {
        guard !isSettled else { return }
        isSettled = true
        timer?.cancel()
        outcome.fail(error)
    }
}
