internal import Logging
internal import MutualTLS
internal import MutualTLSNIO
internal import NIOCore

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
