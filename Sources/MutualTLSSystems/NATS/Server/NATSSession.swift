internal import Logging
internal import MutualTLS
internal import MutualTLSNIO
internal import NIOCore
internal import Synchronization

/// One client of a server, behind TLS.
final class NATSSession: ChannelInboundHandler {
    typealias InboundIn = NATSOperation
    typealias OutboundOut = ByteBuffer

    private static let mostSubscriptions = 10_000

    private let router: NATSRouter
    private let pins: Set<String>
    private let logger: Logger?
    private var isVerbose = true

    init(_ router: NATSRouter, pins: Set<String>, logger: Logger?) {
        self.router = router
        self.pins = pins
        self.logger = logger
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let information)? = event as? MutualTLSEvent { judge(information, context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .ping: write(.pong, context)
        case .pong: break
        case .connect(let json):
            isVerbose = !json.filter { !$0.isWhitespace }.contains("\"verbose\":false")
            acknowledge(context)
        case .publish(let message):
            guard let subject = NATSSubject(message.subject), subject.isLiteral else {
                end("Invalid Publish Subject", context)
                return
            }
            router.publish(message, subject)
            acknowledge(context)
        case .subscribe(let text, let queue, let subscription):
            guard let subject = NATSSubject(text) else {
                end("Invalid Subject", context)
                return
            }
            guard router.count(of: context.channel) < Self.mostSubscriptions else {
                end("Maximum Subscriptions Exceeded", context)
                return
            }
            router.subscribe(context.channel, subscription, subject, queue: queue)
            acknowledge(context)
        case .unsubscribe(let subscription):
            router.unsubscribe(context.channel, subscription)
            acknowledge(context)
        case .info, .ok, .error, .message:
            end("Unknown Protocol Operation", context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        router.remove(context.channel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // TLS has dealt with failures of its own; what remains is what doesn't parse.
        if error is MutualTLSSystemsError { end("Unknown Protocol Operation", context) }
    }

    private func judge(_ information: ConnectionInformation, _ context: ChannelHandlerContext) {
        if let pinned = information.verifiedChain.first, information.verifiedChain.count == 1,
            pinned.isCertificateAuthority
        {
            logger?.warning("\(NATSCredentials.warning(pinned))")
        }
        guard !pins.isEmpty else { return }
        let digest = information.peerCertificates.first?.publicKeySHA256Hexadecimal
        guard digest.map(pins.contains) != true else { return }
        logger?.info("connection refused: the client's key isn't pinned", metadata: ["key": "\(digest ?? "none")"])
        context.close(promise: nil)
    }

    private func acknowledge(_ context: ChannelHandlerContext) {
        if isVerbose { write(.ok, context) }
    }

    private func end(_ reason: String, _ context: ChannelHandlerContext) {
        write(.error(reason), context)
        context.close(promise: nil)
    }

    private func write(_ operation: NATSOperation, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(operation.bytes), promise: nil)
    }
}

/// Who has subscribed to what on one server.
final class NATSRouter: Sendable {
    private struct Subscription {
        let subject: NATSSubject
        let queue: String?
        let channel: any Channel
    }

    private struct Key: Hashable {
        let client: ObjectIdentifier
        let subscription: String
    }

    private let subscriptions = Mutex<[Key: Subscription]>([:])

    func subscribe(_ channel: any Channel, _ subscription: String, _ subject: NATSSubject, queue: String?) {
        let key = Key(client: ObjectIdentifier(channel), subscription: subscription)
        subscriptions.withLock { $0[key] = Subscription(subject: subject, queue: queue, channel: channel) }
    }

    func unsubscribe(_ channel: any Channel, _ subscription: String) {
        let key = Key(client: ObjectIdentifier(channel), subscription: subscription)
        subscriptions.withLock { $0[key] = nil }
    }

    func remove(_ channel: any Channel) {
        let client = ObjectIdentifier(channel)
        subscriptions.withLock { subscriptions in subscriptions = subscriptions.filter { $0.key.client != client } }
    }

    func count(of channel: any Channel) -> Int {
        let client = ObjectIdentifier(channel)
        return subscriptions.withLock { $0.keys.count { $0.client == client } }
    }

    /// Hands the message to every subscriber, and to one of each queue group. Who doesn't take what is sent is cut off.
    func publish(_ message: NATSMessage, _ subject: NATSSubject) {
        let matching = subscriptions.withLock { $0.filter { $0.value.subject.matches(subject) } }
        var servedQueues: Set<String> = []
        for (key, subscription) in matching {
            if let queue = subscription.queue, !servedQueues.insert(queue).inserted { continue }
            let channel = subscription.channel
            if channel.isWritable {
                channel.writeAndFlush(
                    NATSOperation.message(message, subscription: key.subscription).bytes,
                    promise: nil
                )
            } else {
                channel.writeAndFlush(NATSOperation.error("Slow Consumer").bytes, promise: nil)
                channel.close(promise: nil)
            }
        }
    }
}
