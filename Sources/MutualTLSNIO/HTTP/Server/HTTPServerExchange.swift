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
    private let currentTime: @Sendable () -> Timestamp
    private let logger: Logger?
    private let handler: HTTPServer.Handler
    private var state = State.idle
    private var information: ConnectionInformation?
    private var isShuttingDown = false
    private var task: Task<Void, Never>?
    private var timer: Scheduled<Void>?

    init(
        _ options: HTTPServerOptions,
        _ currentTime: @escaping @Sendable () -> Timestamp,
        _ logger: Logger?,
        _ handler: @escaping HTTPServer.Handler
    ) {
        self.options = options
        self.currentTime = currentTime
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
        state = .receiving(head, ByteBuffer())
        guard isWellFramed(head) else {
            refuse(.badRequest, head, context)
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
        schedule(options.bodyTimeout, context) { $0.refuse(.requestTimeout, head, $1) }
    }

    /// Whether the head says for one host, and in one way where its body ends.
    ///
    /// RFC 9112 section 3.2 asks for 400 where Host is missing in HTTP/1.1, stands twice or isn't one, and section 6.1
    /// calls a request of HTTP/1.0 with Transfer-Encoding faulty.
    private func isWellFramed(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["Host"]
        let isOld = head.version.major < 1 || (head.version.major == 1 && head.version.minor < 1)
        guard hosts.count == 1 || (hosts.isEmpty && isOld), hosts.allSatisfy(HTTPServerExchange.isHost) else {
            return false
        }
        return !isOld || !head.headers.contains(name: "Transfer-Encoding")
    }

    /// Characters of `uri-host [":" port]` (RFC 3986 section 3.2.2); empty where the target has no authority.
    private static func isHost(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-._~%!$&'()*+;=:[]".utf8.contains(byte)
            }
        }
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
        if !headers.contains(name: "Date") { headers.add(name: "Date", value: HTTPDate.text(currentTime())) }
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
