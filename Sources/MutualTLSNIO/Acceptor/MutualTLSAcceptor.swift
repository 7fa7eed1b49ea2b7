public import Logging
public import MutualTLS
public import NIOCore
internal import NIOPosix

/// Listens on a TCP port and serves each connection with mutual TLS.
///
/// ```swift
/// let acceptor = try await MutualTLSAcceptor.bind(server, host: "127.0.0.1", port: 0, group: group) { channel in
///     channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(MyHandler()) }
/// }
/// ```
public final class MutualTLSAcceptor: Sendable {
    /// The listening channel.
    public let channel: any Channel
    private let registry: ConnectionRegistry
    private let options: MutualTLSAcceptorOptions

    private init(_ channel: any Channel, _ registry: ConnectionRegistry, _ options: MutualTLSAcceptorOptions) {
        self.channel = channel
        self.registry = registry
        self.options = options
    }

    /// Binds and listens.
    ///
    /// - Parameters:
    ///   - server: What each connection is served with.
    ///   - host: A local address or a name of one.
    ///   - port: A port, or 0 for any free one; see ``port``.
    ///   - group: The event loops of listener and connections.
    ///   - options: Limits.
    ///   - logger: Where failed connections are told.
    ///   - initializer: Adds the application's handlers behind TLS. Their `channelActive` comes before the handshake;
    ///     ``MutualTLSEvent/handshakeCompleted(_:)`` says when it is done, and no application data passes before.
    /// - Throws: ``/MutualTLS/MutualTLSError`` with the code ``/MutualTLS/MutualTLSError/Code/network``.
    public static func bind(
        _ server: MutualTLSServer,
        host: String,
        port: Int,
        group: any EventLoopGroup,
        options: MutualTLSAcceptorOptions = MutualTLSAcceptorOptions(),
        logger: Logger? = nil,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> MutualTLSAcceptor {
        let registry = ConnectionRegistry(options)
        let bootstrap = listening(registry, group, options)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try secure(channel, server, registry, options, logger) }
                    .flatMap { initializer(channel) }
            }
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            return MutualTLSAcceptor(channel, registry, options)
        } catch {
            throw notListening(host, port, error)
        }
    }

    /// Binds and listens, and hands out each connection as its initializer made it: for NIO's asynchronous channels.
    ///
    /// ```swift
    /// let listener = try await MutualTLSAcceptor.listen(server, host: "127.0.0.1", port: 0, group: group) { channel in
    ///     channel.eventLoop.makeCompletedFuture {
    ///         try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
    ///     }
    /// }
    /// try await listener.connections.executeThenClose { connections in
    ///     for try await connection in connections { … }
    /// }
    /// ```
    ///
    /// A connection is handed out when it is accepted, before its handshake: reading from it then waits for the handshake,
    /// and throws the ``/MutualTLS/ConnectionFailure`` of one that fails. Where nobody takes connections, none are
    /// accepted. For ALPN the initializer returns the future of a `NIOTypedApplicationProtocolNegotiationHandler`.
    ///
    /// - Parameter initializer: Adds the application's handlers behind TLS, and wraps the channel.
    /// - Throws: As ``bind(_:host:port:group:options:logger:initializer:)``.
    public static func listen<Output: Sendable>(
        _ server: MutualTLSServer,
        host: String,
        port: Int,
        group: any EventLoopGroup,
        options: MutualTLSAcceptorOptions = MutualTLSAcceptorOptions(),
        logger: Logger? = nil,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Output>
    ) async throws -> MutualTLSListener<Output> {
        let registry = ConnectionRegistry(options)
        do {
            let connections = try await listening(registry, group, options).bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try secure(channel, server, registry, options, logger) }
                    .flatMap { initializer(channel) }
            }
            let acceptor = MutualTLSAcceptor(connections.channel, registry, options)
            return MutualTLSListener(acceptor: acceptor, connections: connections)
        } catch {
            throw notListening(host, port, error)
        }
    }

    /// Everything of a listening socket but the handlers of its connections.
    private static func listening(
        _ registry: ConnectionRegistry,
        _ group: any EventLoopGroup,
        _ options: MutualTLSAcceptorOptions
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: options.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // The first two in this order: a backoff holds reads back that the gate has let through.
                    try pipeline.addHandler(AcceptBackoffHandler())
                    try pipeline.addHandler(HandshakeGate(registry))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
    }

    /// Puts TLS in front of whatever the application adds.
    private static func secure(
        _ channel: any Channel,
        _ server: MutualTLSServer,
        _ registry: ConnectionRegistry,
        _ options: MutualTLSAcceptorOptions,
        _ logger: Logger?
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(FirstByteObserver(registry))
        try pipeline.addHandler(MutualTLSHandler(server: server, limits: options.limits))
        try pipeline.addHandler(AcceptedConnectionObserver(registry, logger: logger))
    }

    private static func notListening(_ host: String, _ port: Int, _ error: any Error) -> MutualTLSError {
        MutualTLSError(
            .network,
            "Could not listen on \(host):\(port): \(NetworkReason.of(error)). Choose a free port and a local address.",
            cause: error
        )
    }

    /// The address that it listens on.
    public var localAddress: SocketAddress? { channel.localAddress }

    /// The port that it listens on, whichever was asked for.
    public var port: Int { channel.localAddress?.port ?? 0 }

    /// How many connections there are, those in their handshake included.
    public var connectionCount: Int { registry.channels.count }

    /// Stops accepting, lets connections finish, and returns when all are closed.
    ///
    /// A connection is closed with close_notify once no application data has moved on it for the quiet period of the
    /// options; its handlers are told with ``MutualTLSEvent/shutdownRequested``, and may close it sooner. Whatever
    /// is still open after the deadline is cut.
    public func shutdown(deadline: TimeAmount = .seconds(30)) async {
        let connections = registry.startDraining()
        try? await channel.close().get()
        let loop = channel.eventLoop
        let quietPeriod = options.quietPeriod
        for connection in connections {
            connection.triggerUserOutboundEvent(MutualTLSHandler.Command.drain(quietPeriod: quietPeriod), promise: nil)
        }
        let cut = loop.scheduleTask(in: deadline) {
            for connection in connections {
                connection.triggerUserOutboundEvent(MutualTLSHandler.Command.abort, promise: nil)
            }
        }
        try? await EventLoopFuture.andAllComplete(connections.map(\.closeFuture), on: loop).get()
        cut.cancel()
    }
}

/// A listening port whose connections are taken from an asynchronous sequence.
public struct MutualTLSListener<Output: Sendable>: Sendable {
    /// The acceptor, which knows the port and shuts down.
    public let acceptor: MutualTLSAcceptor
    /// The connections, each as the initializer made it. The sequence ends when the acceptor shuts down.
    public let connections: NIOAsyncChannel<Output, Never>

    /// The port that it listens on, whichever was asked for.
    public var port: Int { acceptor.port }
}

/// How a ``MutualTLSAcceptor`` listens.
public struct MutualTLSAcceptorOptions: Sendable, Hashable {
    /// The limits on the cost of each peer.
    public var limits = MutualTLSLimits.server
    /// How many handshakes may be under way. While there are as many, a further connection takes the place of the oldest
    /// one that is still silent after ``firstByteGrace``, or of one whose address holds more than half of all places
    /// and that has had a second; otherwise it waits in the system's backlog, and costs this process nothing.
    public var maximumHandshakes = 1024
    /// How long a connection may be silent before its place goes to another one, when all are taken. While there is
    /// room a silent connection has until the handshake's timeout.
    public var firstByteGrace = TimeAmount.milliseconds(100)
    /// How many connections the system keeps waiting.
    public var backlog: Int32 = 1024
    /// How long no application data may have moved for a connection to count as idle in a shutdown.
    public var quietPeriod = TimeAmount.milliseconds(500)

    /// The defaults.
    public init() {}
}

/// In front of TLS: tells the registry of the client's first byte, and leaves.
final class FirstByteObserver: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let registry: ConnectionRegistry

    init(_ registry: ConnectionRegistry) {
        self.registry = registry
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        registry.noticeFirstByte(of: context.channel)
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}

/// Tells the registry of the end of a handshake, and the log of failures.
final class AcceptedConnectionObserver: ChannelInboundHandler {
    typealias InboundIn = Never

    private let registry: ConnectionRegistry
    private let logger: Logger?

    init(_ registry: ConnectionRegistry, logger: Logger?) {
        self.registry = registry
        self.logger = logger
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? MutualTLSEvent {
        case .handshakeCompleted:
            registry.endHandshake(of: context.channel)
        case .failed(let failure, _):
            registry.endHandshake(of: context.channel)
            logger?.info(
                "connection failed: \(failure)",
                metadata: [
                    "reason": "\(failure.reason)", "phase": "\(failure.phase)",
                    "remote": "\(context.remoteAddress?.description ?? "unknown")",
                ]
            )
        case .confirmed, .peerClosed, .shutdownRequested, nil:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }
}
