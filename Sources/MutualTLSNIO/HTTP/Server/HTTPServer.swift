public import Logging
public import MutualTLS
public import NIOCore
public import NIOHTTP1
public import NIOPosix

/// An HTTPS server (HTTP/1.1) whose handler knows who asks.
///
/// A request is answered only on a connection whose server_name chose the policy that its host has: see
/// ``/MutualTLS/MutualTLSServer/mayAnswer(_:onConnectionTo:)``. Others get 421 (Misdirected Request), and no handler sees
/// them.
///
/// ```swift
/// let server = try await HTTPServer.bind(tls, host: "127.0.0.1", port: 8443, group: group) { request in
///     .text("Hello, \(request.peer?.displayName ?? "unknown")!")
/// }
/// ```
public final class HTTPServer: Sendable {
    private let acceptor: MutualTLSAcceptor

    private init(_ acceptor: MutualTLSAcceptor) {
        self.acceptor = acceptor
    }

    /// Binds and listens.
    ///
    /// - Parameters:
    ///   - server: What each connection is served with: identity, mode, client CAs.
    ///   - host: A local address or a name of one.
    ///   - port: A port, or 0 for any free one; see ``port``.
    ///   - group: The event loops of listener and connections.
    ///   - options: Who is served, and limits.
    ///   - logger: Where failed connections, refused identities and errors of the handler are told.
    ///   - handler: Answers requests, of one connection one after the other.
    /// - Throws: ``/MutualTLS/MutualTLSError`` with the code ``/MutualTLS/MutualTLSError/Code/network``.
    public static func bind(
        _ server: MutualTLSServer,
        host: String,
        port: Int,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        options: HTTPServerOptions = HTTPServerOptions(),
        logger: Logger? = nil,
        handler: @escaping Handler
    ) async throws -> HTTPServer {
        var limits = options.acceptor
        // A handler may think for longer than a connection may be quiet: HTTP itself knows when it is done.
        limits.quietPeriod = .hours(24 * 365)
        let acceptor = try await MutualTLSAcceptor.bind(
            server,
            host: host,
            port: port,
            group: group,
            options: limits,
            logger: logger
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                // Without NIO's own answer to what doesn't parse: the exchange knows whether it has answered already.
                try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: false)
                try pipeline.addHandler(HTTPServerExchange(options, server, logger, handler))
            }
        }
        return HTTPServer(acceptor)
    }

    /// The port that it listens on, whichever was asked for.
    public var port: Int { acceptor.port }

    /// How many connections there are, those in their handshake included.
    public var connectionCount: Int { acceptor.connectionCount }

    /// Stops accepting, answers the requests that are under way, and returns when all connections are closed.
    ///
    /// Connections that are still open after the deadline are cut.
    public func shutdown(deadline: TimeAmount = .seconds(30)) async {
        await acceptor.shutdown(deadline: deadline)
    }
}

/// How an ``HTTPServer`` serves, and what its clients may cost.
public struct HTTPServerOptions: Sendable {
    /// The clients that are served at all; others get 403 (Forbidden). Nil serves whoever the handshake let in, the anonymous and
    /// the unverified included where the mode lets them in: look at ``HTTPServer/Request/peer`` then.
    public var authorization: AuthorizationRules?
    /// Handshakes, backlog and what a connection may cost below HTTP.
    public var acceptor = MutualTLSAcceptorOptions()
    /// How many bytes the body of a request may have; a longer one gets 413 (Content Too Large), and the connection
    /// ends.
    public var maximumBodyBytes = 1 << 20
    /// How long it may take from the handshake, or from a response, to the last byte of the next request's head. A
    /// head that trickles in gets no more time by that.
    public var idleTimeout = TimeAmount.seconds(30)
    /// How long it may take from a request's head to the end of its body; later than that it gets 408 (Request
    /// Timeout), and the connection ends.
    public var bodyTimeout = TimeAmount.seconds(30)

    /// The defaults.
    public init() {}
}

extension HTTPServer {
    /// A request, whole.
    public struct Request: Sendable {
        /// The method.
        public var method: HTTPMethod
        /// The request target as it was sent (RFC 9112 section 3.2), usually a path with its query.
        public var uri: String
        /// The host that was asked for, in lower case, without port and trailing dot: that of the target, or of the Host
        /// field. Nil where the request names none.
        ///
        /// Its policy is that of the connection: a request for a host of another policy or identity has been answered
        /// with 421 (Misdirected Request).
        public var host: String?
        /// The header fields; Host is that of the target, if the target has one (RFC 9112 section 3.2.2).
        public var headers: HTTPHeaders
        /// The body, which may be empty.
        public var body: ByteBuffer
        /// The sender: the identity that was verified on this connection. Nil for an anonymous client, and for one
        /// whose certificate was not verified.
        public var peer: PeerIdentity?
        /// The outcome of the connection's handshake.
        public var connection: ConnectionInformation

        /// The request target without its query.
        public var path: String { String(uri.prefix { $0 != "?" }) }
    }

    /// The response to a request.
    public struct Response: Sendable {
        /// The status.
        public var status: HTTPResponseStatus
        /// The header fields; `Content-Length`, `Transfer-Encoding` and `Connection` are the server's to set, and `Date`
        /// if the handler doesn't.
        public var headers: HTTPHeaders
        /// The body.
        public var body: ByteBuffer

        /// A response.
        public init(
            status: HTTPResponseStatus = .ok,
            headers: HTTPHeaders = HTTPHeaders(),
            body: ByteBuffer = ByteBuffer()
        ) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        /// A response of plain text.
        public static func text(_ text: String, status: HTTPResponseStatus = .ok) -> Response {
            Response(
                status: status,
                headers: ["Content-Type": "text/plain; charset=utf-8"],
                body: ByteBuffer(string: text)
            )
        }

        static func status(_ status: HTTPResponseStatus) -> Response {
            .text("\(status.code) \(status.reasonPhrase)\n", status: status)
        }
    }

    /// Answers requests. An error that it throws becomes 500 (Internal Server Error), and is logged.
    public typealias Handler = @Sendable (Request) async throws -> Response
}

/// Greets each client by the name that was verified.
public enum IdentityGreeting {
    /// `Hello, NAME! You are authenticated.` to a verified identity, by its common name.
    ///
    /// An anonymous client, and one whose certificate nobody verified, is called `unknown`, and not told that it was
    /// authenticated: a name in an unverified certificate is anybody's choice.
    public static func text(for peer: PeerIdentity?) -> String {
        peer.map {
            "Hello, \($0.certificate.commonName.map { EscapedText($0).description } ?? "")! You are authenticated."
        }
            ?? "Hello, unknown! You are not authenticated."
    }

    /// Answers every request with the greeting, and 200 (OK).
    public static let handler: HTTPServer.Handler = { request in .text(text(for: request.peer)) }
}
