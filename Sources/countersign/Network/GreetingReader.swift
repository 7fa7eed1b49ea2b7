internal import MutualTLS
internal import MutualTLSNIO
internal import NIOCore

/// Waits for what shows that the server accepted the connection: its first line, its orderly end, or enough silence.
final class GreetingReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Outcome: Sendable {
        /// The line without its end; empty when the server said nothing.
        case accepted(ConnectionInformation, greeting: String)
        case failed(ConnectionFailure, ConnectionInformation?)
        /// Closed by nobody's fault that could be named.
        case closed
    }

    private static let longestLine = 4096

    private let patience: TimeAmount
    private let promise: EventLoopPromise<Outcome>
    private var information: ConnectionInformation?
    private var line: [UInt8] = []
    private var timer: Scheduled<Void>?

    init(patience: TimeAmount, _ promise: EventLoopPromise<Outcome>) {
        self.patience = patience
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        line += unwrapInboundIn(data).readableBytesView.prefix(Self.longestLine - line.count)
        if line.contains(0x0A) || line.count == Self.longestLine { accept() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? MutualTLSEvent {
        case .handshakeCompleted(let information):
            self.information = information
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { self.accept() }
        case .peerClosed:
            accept()
        case .failed(let failure, let information):
            settle(.failed(failure, information))
        case .confirmed, .shutdownRequested, nil:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        settle(.closed)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        settle(.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Failures come as events too, and TLS closes the connection.
    }

    private func accept() {
        guard let information else { return }
        let text = String(decoding: line.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        settle(.accepted(information, greeting: text))
    }

    /// A promise takes its first value alone.
    private func settle(_ outcome: Outcome) {
        timer?.cancel()
        promise.succeed(outcome)
    }
}
