internal import MutualTLS
internal import NIOCore
internal import Synchronization

/// The event that a client waits for on its connection.
final class NATSConversation: Sendable {
    private struct State {
        var pongs: [EventLoopPromise<Void>] = []
        var subscriptions: [String: AsyncStream<NATSMessage>.Continuation] = [:]
        var nextSubscription = 1
        var failure: (any Error)?
        var lastRefusal: String?
    }

    private let state = Mutex(State())
    /// How many messages wait for a reader before the newest are dropped.
    private static let mostWaitingMessages = 65_536

    var failure: (any Error)? { state.withLock { $0.failure } }

    func subscribe() -> (number: String, messages: AsyncStream<NATSMessage>) {
        let (messages, continuation) = AsyncStream.makeStream(
            of: NATSMessage.self,
            bufferingPolicy: .bufferingOldest(Self.mostWaitingMessages)
        )
        let number = state.withLock { state in
            let number = "\(state.nextSubscription)"
            state.nextSubscription += 1
            if state.failure == nil { state.subscriptions[number] = continuation } else { continuation.finish() }
            return number
        }
        return (number, messages)
    }

    func expectPong(_ loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let failure = state.withLock { state in
            if state.failure == nil { state.pongs.append(promise) }
            return state.failure
        }
        if let failure { promise.fail(failure) }
        return promise.futureResult
    }

    func take(_ message: NATSMessage, _ subscription: String) {
        state.withLock { $0.subscriptions[subscription] }?.yield(message)
    }

    /// Ends a subscription on this side.
    func unsubscribe(_ subscription: String) {
        state.withLock { $0.subscriptions.removeValue(forKey: subscription) }?.finish()
    }

    /// The server refused one operation, and goes on.
    func takeRefusal(_ text: String) {
        state.withLock { $0.lastRefusal = text }
    }

    /// The last refusal of an operation, once.
    func nextRefusal() -> MutualTLSSystemsError? {
        let text = state.withLock { state in
            defer { state.lastRefusal = nil }
            return state.lastRefusal
        }
        return text.map {
            MutualTLSSystemsError(.refusedOperation, "The server refused: \(EscapedText($0, limit: 200)).")
        }
    }

    func takePong() {
        let promise = state.withLock { $0.pongs.isEmpty ? nil : $0.pongs.removeFirst() }
        promise?.succeed()
    }

    /// Ends all that waits; the first reason counts.
    func end(_ error: any Error) {
        let ended = state.withLock { state -> State? in
            guard state.failure == nil else { return nil }
            defer {
                state.pongs = []
                state.subscriptions = [:]
                state.failure = error
            }
            return state
        }
        for pong in ended?.pongs ?? [] { pong.fail(error) }
        for subscription in (ended?.subscriptions ?? [:]).values { subscription.finish() }
    }
}

/// The client's end of the protocol, behind TLS.
final class NATSClientHandler: ChannelInboundHandler {
    typealias InboundIn = NATSOperation
    typealias OutboundOut = ByteBuffer

    private let conversation: NATSConversation

    init(_ conversation: NATSConversation) {
        self.conversation = conversation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .ping: context.writeAndFlush(wrapOutboundOut(NATSOperation.pong.bytes), promise: nil)
        case .pong: conversation.takePong()
        case .message(let message, let subscription): conversation.take(message, subscription)
        // nats-server goes on after these two.
        case .error(let text) where text.hasPrefix("Permissions Violation") || text.hasPrefix("Invalid "):
            conversation.takeRefusal(text)
        case .error(let text):
            conversation.end(
                MutualTLSSystemsError(.protocolError, "The server refused: \(EscapedText(text, limit: 200)).")
            )
            context.close(promise: nil)
        case .info, .ok: break
        case .connect, .publish, .subscribe, .unsubscribe:
            errorCaught(
                context: context,
                error: MutualTLSSystemsError(.protocolError, "The server sent what only clients send.")
            )
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        conversation.end(MutualTLSSystemsError(.connectionClosed, "The server closed the connection."))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        conversation.end((error as? NATSViolation)?.error ?? error)
        context.close(promise: nil)
    }
}
