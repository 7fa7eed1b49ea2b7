internal import Logging
internal import MutualTLS
internal import MutualTLSNIO
internal import NIOCore

/// The state that the sessions of one server share.
struct NATSSessionSettings: Sendable {
    let router = NATSRouter()
    let pins: Set<String>
    let authorization: NATSAuthorization?
    /// Whether the certificate says who the user is, and not CONNECT.
    let mapsCertificates: Bool
    let maxSubscriptions: Int
    let pingInterval: TimeAmount
    let pingMax: Int
    let logger: Logger?

    init(_ configuration: NATSConfiguration, _ block: NATSTLSBlock, logger: Logger?) {
        pins = block.pinnedCerts
        authorization = configuration.authorization
        mapsCertificates = block.verifyAndMap
        maxSubscriptions = configuration.maxSubscriptions
        pingInterval = configuration.pingInterval
        pingMax = configuration.pingMax
        self.logger = logger
    }
}

/// One client of a server, behind TLS. It answers as nats-server does, in the same words.
final class NATSSession: ChannelInboundHandler {
    typealias InboundIn = NATSOperation
    typealias OutboundOut = ByteBuffer

    private let settings: NATSSessionSettings
    private let peer: NATSPeer
    private var connect = NATSConnectOptions()
    /// The certificate that was verified, or nil.
    private var certificate: Certificate?
    private var isAuthorized: Bool
    private var isEnded = false
    private var unansweredPings = 0
    private var pingTimer: Scheduled<Void>?

    private var router: NATSRouter { settings.router }

    init(_ settings: NATSSessionSettings, _ channel: any Channel) {
        self.settings = settings
        peer = NATSPeer(channel)
        isAuthorized = settings.authorization == nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let information)? = event as? MutualTLSEvent {
            judge(information, context)
            schedulePing(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnded else { return }
        let operation = unwrapInboundIn(data)
        if case .connect(let json) = operation {
            take(json, context)
            return
        }
        guard isAuthorized else {
            end("Authorization Violation", context)
            return
        }
        switch operation {
        case .ping: write(.pong, context)
        case .pong: unansweredPings = 0
        // nats-server passes over both.
        case .connect, .ok, .info: break
        case .publish(let message): publish(message, context)
        case .subscribe(let text, let queue, let subscription): subscribe(text, queue, subscription, context)
        case .unsubscribe(let subscription, let count):
            router.unsubscribe(peer, subscription, after: count)
            acknowledge(context)
        case .error, .message: end("Unknown Protocol Operation", context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isEnded = true
        pingTimer?.cancel()
        router.remove(peer)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // TLS has dealt with failures of its own; what remains is what doesn't parse.
        if let violation = error as? NATSViolation { end(violation.answer, context) }
    }

    private func judge(_ information: ConnectionInformation, _ context: ChannelHandlerContext) {
        certificate = information.peerIdentity?.certificate
        if let pinned = information.verifiedChain.first, information.verifiedChain.count == 1,
            pinned.isCertificateAuthority
        {
            settings.logger?.warning("\(NATSCredentials.warning(pinned))")
        }
        guard !settings.pins.isEmpty else { return }
        let digest = information.peerCertificates.first?.publicKeySHA256Hexadecimal
        guard digest.map(settings.pins.contains) != true else { return }
        settings.logger?.info(
            "connection refused: the client's key isn't pinned",
            metadata: ["key": "\(digest ?? "none")"]
        )
        end(nil, context)
    }

    private func take(_ json: String, _ context: ChannelHandlerContext) {
        guard connect.update(json: json) else {
            end(nil, context)
            return
        }
        var user: NATSAuthorization.User?
        if let authorization = settings.authorization {
            user = found(in: authorization)
            guard user != nil else {
                let name = certificate.map { "\($0.subject)" } ?? "no verified certificate"
                settings.logger?.info("connection refused: no user for it", metadata: ["certificate": "\(name)"])
                end("Authorization Violation", context)
                return
            }
        }
        guard !connect.noResponders || connect.headers else {
            end("no responders requires headers support", context)
            return
        }
        isAuthorized = true
        peer.connect(connect, user?.permissions)
        acknowledge(context)
    }

    private func found(in authorization: NATSAuthorization) -> NATSAuthorization.User? {
        guard settings.mapsCertificates else { return authorization.user(connect) }
        guard let user = certificate.flatMap(authorization.user(of:)) else { return nil }
        return authorization.isSame(connect.password, user.password) ? user : nil
    }

    private func publish(_ message: NATSMessage, _ context: ChannelHandlerContext) {
        guard message.headers == nil || connect.headers else {
            end(nil, context)
            return
        }
        let subject = NATSSubject(message.subject)
        // Told, and yet published, as nats-server does: a subscription to the same wildcard hears it.
        if subject?.isLiteral != true { write(.error("Invalid Publish Subject"), context) }
        let now = context.eventLoop.now
        if let permissions = peer.permissions {
            let isAllowed = subject.map { permissions.mayPublish($0, message.subject) } ?? false
            guard isAllowed || (permissions.responses != nil && peer.takeReply(message.subject, at: now)) else {
                write(.error("Permissions Violation for Publish to \"\(message.subject)\""), context)
                return
            }
        }
        acknowledge(context)
        let receivers = subject.map { router.publish(message, $0, from: peer, at: now) } ?? 0
        guard receivers == 0, connect.noResponders, let reply = message.reply, let subject = NATSSubject(reply),
            let subscription = router.subscription(of: peer, for: subject)
        else { return }
        write(.message(.noResponders(for: reply), subscription: subscription), context)
    }

    private func subscribe(_ text: String, _ queue: String?, _ number: String, _ context: ChannelHandlerContext) {
        guard let subject = NATSSubject(text) else {
            write(.error("Invalid Subject"), context)
            return
        }
        if let permissions = peer.permissions, !permissions.maySubscribe(subject, text, queue: queue) {
            let group = queue.map { " using queue \"\($0)\"" } ?? ""
            write(.error("Permissions Violation for Subscription to \"\(text)\"\(group)"), context)
            return
        }
        guard router.count(of: peer) < settings.maxSubscriptions else {
            write(.error("maximum subscriptions exceeded"), context)
            return
        }
        router.subscribe(peer, number, subject, text, queue: queue)
        acknowledge(context)
    }

    private func schedulePing(_ context: ChannelHandlerContext) {
        pingTimer = context.eventLoop.assumeIsolated().scheduleTask(in: settings.pingInterval) { [weak self] in
            guard let self, !self.isEnded else { return }
            guard self.unansweredPings < self.settings.pingMax else {
                self.end("Stale Connection", context)
                return
            }
            self.unansweredPings += 1
            self.write(.ping, context)
            self.schedulePing(context)
        }
    }

    private func acknowledge(_ context: ChannelHandlerContext) {
        if connect.verbose { write(.ok, context) }
    }

    /// Ends the connection, with the reason where nats-server gives one. What comes after that is dropped.
    private func end(_ reason: String?, _ context: ChannelHandlerContext) {
        guard !isEnded else { return }
        isEnded = true
        router.remove(peer)
        if let reason { write(.error(reason), context) }
        context.close(promise: nil)
    }

    private func write(_ operation: NATSOperation, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(operation.bytes), promise: nil)
    }
}
