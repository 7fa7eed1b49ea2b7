internal import MutualTLS
internal import NIOCore
internal import Synchronization

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

/// The outcomes of the channels of one dial, and what their initializer made of them.
///
/// A name with several addresses makes several channels, of which one wins (RFC 8305); and the winner may have failed
/// and lost its handlers before it is handed out.
final class DialOutcomes<Output: Sendable>: Sendable {
    typealias Outcome = (result: EventLoopFuture<DialedConnection>, output: Output)

    private let outcomes = Mutex<[ObjectIdentifier: Outcome]>([:])

    subscript(channel: any Channel) -> Outcome? {
        outcomes.withLock { $0[ObjectIdentifier(channel)] }
    }

    /// An asynchronous channel must not go before its channel is closed, and nobody holds that of a channel that lost or
    /// failed: it is kept until then.
    func keep(_ channel: any Channel, _ result: EventLoopFuture<DialedConnection>, _ output: Output) {
        outcomes.withLock { $0[ObjectIdentifier(channel)] = (result, output) }
        channel.closeFuture.whenComplete { _ in withExtendedLifetime(output) {} }
    }
}
