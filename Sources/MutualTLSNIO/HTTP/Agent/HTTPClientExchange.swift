internal import MutualTLS
internal import NIOCore
internal import NIOHTTP1

/// One request and its response at a time, on one connection.
final class HTTPClientExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    struct Outcome: Sendable {
        let response: HTTPAgent.Response
        /// Whether the connection may carry another request.
        let isReusable: Bool
        /// How long the server says that it keeps the idle connection, or nil.
        let keepAlive: TimeAmount?
    }

    /// Why there is no response.
    struct Failure: Error {
        let cause: any Error
        /// Whether the connection ended before it gave any answer, as one does that was kept for too long.
        let isUnanswered: Bool
    }

    private enum State {
        case idle
        case waiting(HTTPMethod, EventLoopPromise<Outcome>)
        case receiving(HTTPResponseHead, ByteBuffer, EventLoopPromise<Outcome>)
        case failed(any Error)
    }

    private let maximumBodyBytes: Int
    private var state = State.idle
    private var information: ConnectionInformation?
    /// The settings that the connection was made under, of the moment when it started.
    private(set) var scope: [UInt8]?
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?

    init(maximumBodyBytes: Int) {
        self.maximumBodyBytes = maximumBodyBytes
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(ChannelError.ioOnClosedChannel, isUnanswered: true)
        self.context = nil
    }

    /// Sends a request; its promise is always fulfilled.
    func send(_ request: HTTPAgent.Request, timeout: TimeAmount, _ promise: EventLoopPromise<Outcome>) {
        timer?.cancel()
        guard case .idle = state, let context else {
            promise.fail(Failure(cause: failure ?? ChannelError.ioOnClosedChannel, isUnanswered: true))
            return
        }
        state = .waiting(request.method, promise)
        schedule(timeout, context) { exchange, context in
            let seconds = Double(timeout.nanoseconds) / 1e9
            exchange.fail(
                MutualTLSError(
                    .network,
                    "\(request.origin.authority) gave no whole response to \(request.method.rawValue) within \(seconds) s."
                ),
                isUnanswered: false
            )
            context.close(promise: nil)
        }
        var headers = request.headers
        headers.replaceOrAdd(name: "Host", value: request.origin.authority)
        headers.remove(name: "Transfer-Encoding")
        headers.remove(name: "Content-Length")
        if request.body.readableBytes > 0 || [.POST, .PUT, .PATCH].contains(request.method) {
            headers.add(name: "Content-Length", value: "\(request.body.readableBytes)")
        }
        let head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(request.body))), promise: nil)
        }
        // A write that fails is told as the connection's error, or its end.
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Runs the work unless the next request comes before.
    func whenIdle(for timeout: TimeAmount, _ work: @escaping @Sendable () -> Void) {
        guard case .idle = state, let context else { return }
        schedule(timeout, context) { _, _ in work() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let information)? = event as? MutualTLSEvent {
            self.information = information
            scope = try? context.pipeline.syncOperations.handler(type: MutualTLSHandler.self).connection.clientScope
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .waiting(_, let promise)):
            state = .receiving(head, ByteBuffer(), promise)
        case (.body(var part), .receiving(let head, var body, let promise)):
            guard body.readableBytes + part.readableBytes <= maximumBodyBytes else {
                let cause = MutualTLSError(
                    .network,
                    "Expected a response of at most \(maximumBodyBytes) bytes, found more. Raise maximumBodyBytes."
                )
                fail(cause, isUnanswered: false)
                context.close(promise: nil)
                return
            }
            // Otherwise the bytes would be copied with each part.
            state = .receiving(head, ByteBuffer(), promise)
            body.writeBuffer(&part)
            state = .receiving(head, body, promise)
        case (.end, .receiving(let head, let body, let promise)):
            timer?.cancel()
            guard let information else { return }
            state = .idle
            let response = HTTPAgent.Response(
                status: head.status,
                headers: head.headers,
                body: body,
                connection: information
            )
            let keepAlive = Self.keepAlive(head.headers)
            promise.succeed(
                Outcome(
                    response: response,
                    isReusable: head.isKeepAlive && context.channel.isActive && keepAlive != .zero,
                    keepAlive: keepAlive
                )
            )
        case (_, .idle), (_, .waiting), (_, .receiving), (_, .failed):
            // A response that nobody asked for: nothing on this connection can be told apart any more.
            fail(ChannelError.ioOnClosedChannel, isUnanswered: false)
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error, isUnanswered: isEndOfConnection(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ChannelError.ioOnClosedChannel, isUnanswered: true)
        context.fireChannelInactive()
    }

    /// The timeout of a Keep-Alive field (RFC 2068 section 19.7.1.1), in whole seconds; zero where no request may follow.
    private static func keepAlive(_ headers: HTTPHeaders) -> TimeAmount? {
        var shortest: TimeAmount?
        for parameter in headers[canonicalForm: "Keep-Alive"] {
            let parts = parameter.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
            guard parts.count == 2, let number = Int64(parts[1]), (0...86_400).contains(number) else { continue }
            switch parts[0].lowercased() {
            case "timeout": shortest = .seconds(number)
            case "max" where number == 0: return .zero
            default: break
            }
        }
        return shortest
    }

    private var failure: (any Error)? {
        if case .failed(let error) = state { error } else { nil }
    }

    /// An alert is an answer, and so is what isn't HTTP; a stream that was cut, or reset, is none.
    private func isEndOfConnection(_ error: any Error) -> Bool {
        if let failure = error as? ConnectionFailure { return [.truncated, .transport].contains(failure.reason) }
        return error is ChannelError || error is IOError
    }

    private func fail(_ error: any Error, isUnanswered: Bool) {
        timer?.cancel()
        switch state {
        case .idle: break
        case .waiting(_, let promise): promise.fail(Failure(cause: error, isUnanswered: isUnanswered))
        case .receiving(_, _, let promise): promise.fail(Failure(cause: error, isUnanswered: false))
        case .failed: return
        }
        state = .failed(error)
    }

    private func schedule(
        _ delay: TimeAmount,
        _ context: ChannelHandlerContext,
        _ work: @escaping (HTTPClientExchange, ChannelHandlerContext) -> Void
    ) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, let context = self.context else { return }
            work(self, context)
        }
    }
}
