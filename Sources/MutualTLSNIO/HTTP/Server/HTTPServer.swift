public import Logging
public import MutualTLS
public import NIOCore
internal import NIOHTTP1
public import NIOPosix

/// An HTTPS server (HTTP/1.1) whose handler knows who asks.
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
                try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
                try pipeline.addHandler(HTTPServerExchange(options, logger, handler))
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
    /// Whatever is still open after the deadline is cut.
    public func shutdown(deadline: TimeAmount = .seconds(30)) async {
        await acceptor.shutdown(deadline: deadline)
    }
}
