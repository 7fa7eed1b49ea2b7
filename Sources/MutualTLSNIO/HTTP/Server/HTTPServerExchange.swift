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
        /// Further bytes are for nobody.
        case closing
    }

    private let options: HTTPServerOptions
    private let server: MutualTLSServer
    private let logger: Logger?
    private let handler: HTTPServer.Handler
    private var state = State.idle
    private var information: ConnectionInformation?
    /// The host of the request that is under way.
    private var host: String?
    private var isShuttingDown = false
    private var task: Task<Void, Never>?
    private var timer: Scheduled<Void>?

    init(
        _ options: HTTPServerOptions,
        _ server: MutualTLSServer,
        _ logger: Logger?,
        _ handler: @escaping HTTPServer.Handler
    ) {
        self.options = options
        self.server = server
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
        // TLS has dealt with failures of its own.
        guard let error = error as? HTTPParserError else { return }
        let status: HTTPResponseStatus =
            switch error {
            // The parser takes about 80 KiB of a request's line and of its fields (RFC 6585 section 5).
            case .headerOverflow: .requestHeaderFieldsTooLarge
            case .invalidVersion: .httpVersionNotSupported
            default: .badRequest
            }
        switch state {
        case .idle:
            refuse(status, HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"), context)
        case .receiving(let head, _):
            refuse(status, head, context)
        case .answering:
            // The answer that is under way is the last one.
            isShuttingDown = true
        case .closing:
            break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var head = head
        state = .receiving(head, ByteBuffer())
        guard let host = RequestHost(head), isWellFramed(head) else {
            refuse(.badRequest, head, context)
            return
        }
        // A handler that goes by Host must not be led elsewhere than the target.
        if let authority = host.replacement {
            head.headers.replaceOrAdd(name: "Host", value: authority)
            state = .receiving(head, ByteBuffer())
        }
        self.host = host.name
        if let name = host.name, let information, !server.mayAnswer(name, onConnectionTo: information.sni) {
            logger?.info(
                "request refused: its host has another policy than its connection",
                metadata: [
                    "host": "\(EscapedText(name))",
                    "sni": "\(information.sni.map { EscapedText($0).description } ?? "none")",
                ]
            )
            refuse(.misdirectedRequest, head, context)
            return
        }
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
        let whole = head
        schedule(options.bodyTimeout, context) { $0.refuse(.requestTimeout, whole, $1) }
    }

    /// Whether the head says in one way where its body ends: RFC 9112 section 6.1 calls a request of HTTP/1.0 with
    /// Transfer-Encoding faulty.
    private func isWellFramed(_ head: HTTPRequestHead) -> Bool {
        !head.version.isBefore11 || !head.headers.contains(name: "Transfer-Encoding")
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
            host: host,
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
        headers.remove(name: "Connection")
        // In HTTP/1.1 a connection stays open without a word (RFC 9112 section 9.3).
        if !staysOpen {
            headers.add(name: "Connection", value: "close")
        } else if head.version == .http1_0 {
            headers.add(name: "Connection", value: "keep-alive")
        }
        if response.status.mayHaveResponseBody {
            headers.replaceOrAdd(name: "Content-Length", value: "\(response.body.readableBytes)")
        }
        // RFC 9110 section 6.6.1.
        if !headers.contains(name: "Date") { headers.add(name: "Date", value: HTTPDate.text(server.currentTime())) }
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

/// The form of dates in header fields: IMF-fixdate (RFC 9110 section 5.6.7).
enum HTTPDate {
    static func text(_ time: Timestamp) -> String {
        // RFC 3339, as `2026-01-31T12:00:00Z`; years of four digits alone are dates of HTTP.
        let parts = time.description.split { "-T:Z".contains($0) }
        guard parts.count == 6, parts[0].utf8.count == 4, let month = Int(parts[1]), (1...12).contains(month) else {
            return "Thu, 01 Jan 1970 00:00:00 GMT"
        }
        // 1970-01-01 was a Thursday.
        let day = Int(floorDivide(time.secondsSinceEpoch, 86_400))
        let weekday = weekdays[((day % 7) + 7) % 7]
        return "\(weekday), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
