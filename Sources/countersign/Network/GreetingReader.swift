internal import Campaign
internal import MutualTLS
internal import MutualTLSNIO
internal import NIOCore
internal import NIOPosix
internal import Synchronization

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

/// The readers of one dial: a name with several addresses makes several channels, of which one wins.
final class GreetingReaders: Sendable {
    private let patience: TimeAmount
    private let outcomes = Mutex<[ObjectIdentifier: EventLoopFuture<GreetingReader.Outcome>]>([:])

    init(patience: TimeAmount) {
        self.patience = patience
    }

    /// Puts a reader behind TLS; on the channel's event loop.
    func add(to channel: any Channel) throws {
        let promise = channel.eventLoop.makePromise(of: GreetingReader.Outcome.self)
        outcomes.withLock { $0[ObjectIdentifier(channel)] = promise.futureResult }
        do {
            try channel.pipeline.syncOperations.addHandler(GreetingReader(patience: patience, promise))
        } catch {
            promise.succeed(.closed)
            throw error
        }
    }

    /// How the connection that was handed out went on.
    func outcome(of channel: any Channel) async -> GreetingReader.Outcome {
        let future = outcomes.withLock { $0[ObjectIdentifier(channel)] }
        return (try? await future?.get()) ?? .closed
    }

    /// Why none was handed out: the failure of TLS, if a channel got that far. All of them are closed by then, or close.
    func failure() async -> GreetingReader.Outcome {
        for future in outcomes.withLock({ Array($0.values) }) {
            if case .failed(let failure, let information)? = try? await future.get() {
                return .failed(failure, information)
            }
        }
        return .closed
    }
}

extension ConnectCommand {
    /// Connects, and waits for the server's first line.
    func connect(_ client: MutualTLSClient, _ target: HostAndPort) async -> (ConnectionReport, String?) {
        let readers = GreetingReaders(patience: .seconds(Int64(patience)))
        let outcome: GreetingReader.Outcome
        do {
            let connection = try await MutualTLSDialer(client, group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: target.host, port: target.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try readers.add(to: channel) }
                }
            outcome = await readers.outcome(of: connection.channel)
            try? await connection.channel.close().get()
        } catch let error as MutualTLSError {
            return (ConnectionReport(unreachable: error.message), nil)
        } catch {
            // A failure of TLS, of which the reader is told with all that is known.
            outcome = await readers.failure()
        }
        switch outcome {
        case .accepted(let information, let greeting): return (ConnectionReport(information), greeting)
        case .failed(let failure, let information): return (ConnectionReport(failure, information), nil)
        case .closed: return (ConnectionReport(unreachable: "The connection was closed by this side."), nil)
        }
    }
}
