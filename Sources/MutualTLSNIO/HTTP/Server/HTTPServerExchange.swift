internal import Logging
internal import MutualTLS
internal import NIOCore
internal import NIOHTTP1

/// The requests and responses of one connection, one after the other.
final class HTTPServerExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Until the head of the next request.
        case idle
        case receiving(HTTPRequestHead, ByteBuffer)
        case answering(HTTPRequestHead)
        /// Whatever comes is for nobody.
        case closing
    }

    private let options: HTTPServerOptions
    private let logger: Logger?
    private let handler: HTTPServer.Handler
    private var state = State.idle
    private var information: ConnectionInformation?
    private var isShuttingDown = false
    private var task: Task<Void, Never>?
    private var timer: Scheduled<Void>?

    init(_ options: HTTPServerOptions, _ logger: Logger?, _ handler: @escaping HTTPServer.Handler) {
        self.options = options
        self.logger = logger
        self.handler = handler
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? MutualTLSEvent {
        case .handshakeCompleted(let information):
            self.information = information
            awaitHead(context)
        case .shutdownRequested:
            isShuttingDown = true
            if case .idle = state { end(context) }
        case .confirmed, .failed, .peerClosed, nil:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .idle):
            begin(head, context)
        case (.body(let part), .receiving(let head, var body)):
            guard body.readableBytes + part.readableBytes <= options.maximumBodyBytes else {
                refuse(.payloadTooLarge, head, context)
                return
            }
            // Otherwise the bytes would be copied with each part.
            state = .idle
            body.writeImmutableBuffer(part)
            state = .receiving(head, body)
        case (.end, .receiving(let head, let body)):
            answer(head, body, context)
        case (.head, _), (.body, _), (.end, _):
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closing
        timer?.cancel()
        task?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A handler in front has answered a request that doesn't parse; TLS has dealt with failures of its own.
        if error is HTTPParserError { end(context) }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .receiving(head, ByteBuffer())
        if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }),
            length > options.maximumBodyBytes
        {
            refuse(.payloadTooLarge, head, context)
            return
        }
        if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))),
                promise: nil
            )
        }
        schedule(options.bodyTimeout, context) { $0.refuse(.requestTimeout, head, $1) }
    }

    private func answer(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        timer?.cancel()
        state = .answering(head)
        guard let information else {
            refuse(.internalServerError, head, context)
            return
        }
        let peer = information.peerIdentity
        if let rules = options.authorization, !rules.permit(peer) {
            logger?.info("request refused: not authorized", metadata: ["peer": "\(peer?.description ?? "anonymous")"])
            respond(.status(.forbidden), to: head, context)
            return
        }
        let request = HTTPServer.Request(
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body: body,
            peer: peer,
            connection: information
        )
        let handler = self.handler
        let logger = self.logger
        let promise = context.eventLoop.makePromise(of: HTTPServer.Response.self)
        promise.futureResult.assumeIsolated().whenSuccess { self.respond($0, to: head, context) }
        task = promise.completeWithTask {
            do {
                return try await handler(request)
            } catch {
                logger?.error("the handler of a request failed: \(error)")
                return .status(.internalServerError)
            }
        }
    }

    private func respond(_ response: HTTPServer.Response, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .answering = state else { return }
        let staysOpen = head.isKeepAlive && !isShuttingDown
        // The end of this response lets a pipelined request in at once.
        state = staysOpen ? .idle : .closing
        write(response, to: head, staysOpen: staysOpen, context)
        if staysOpen {
            awaitHead(context)
        } else {
            end(context)
        }
    }

    /// Answers before the request is whole, after which nothing more of it is read.
    private func refuse(_ status: HTTPResponseStatus, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .closing
        write(.status(status), to: head, staysOpen: false, context)
        end(context)
    }

    private func write(
        _ response: HTTPServer.Response,
        to head: HTTPRequestHead,
        staysOpen: Bool,
        _ context: ChannelHandlerContext
    ) {
        var headers = response.headers
        headers.remove(name: "Transfer-Encoding")
        headers.replaceOrAdd(name: "Connection", value: staysOpen ? "keep-alive" : "close")
        if response.status.mayHaveResponseBody {
            headers.replaceOrAdd(name: "Content-Length", value: "\(response.body.readableBytes)")
        }
        let answer = HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD, response.status.mayHaveResponseBody, response.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func awaitHead(_ context: ChannelHandlerContext) {
        guard case .idle = state else { return }
        schedule(options.idleTimeout, context) { $0.end($1) }
    }

    private func end(_ context: ChannelHandlerContext) {
        state = .closing
        timer?.cancel()
        task?.cancel()
        context.close(promise: nil)
    }

    private func schedule(
        _ delay: TimeAmount,
        _ context: ChannelHandlerContext,
        _ work: @escaping (HTTPServerExchange, ChannelHandlerContext) -> Void
    ) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self else { return }
            work(self, context)
        }
    }
}
