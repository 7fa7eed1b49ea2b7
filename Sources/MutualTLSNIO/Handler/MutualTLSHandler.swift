public import MutualTLS
public import NIOCore

/// One TLS connection in a channel's pipeline: ciphertext towards the socket, application data behind it.
///
/// Add it first, with one handler a channel. It tells ``MutualTLSEvent``s, and a failure is also fired as an error,
/// a ``/MutualTLS/ConnectionFailure``, once. After a failure it sends the alert, closes its half of the transport, and
/// drops what the peer still sends within the ``MutualTLSLimits``, so that no reset takes the alert from the peer;
/// then it closes the channel. Nothing needs to be done about that in an `errorCaught`.
///
/// The channel needs the option `allowRemoteHalfClosure`: without it a peer that ends its stream early takes away
/// the chance to answer. ``MutualTLSAcceptor`` and ``MutualTLSDialer`` set that, and `TCP_NODELAY`.
public final class MutualTLSHandler: ChannelDuplexHandler {
    /// Ciphertext from the peer.
    public typealias InboundIn = ByteBuffer
    /// Application data from the peer.
    public typealias InboundOut = ByteBuffer
    /// Application data for the peer.
    public typealias OutboundIn = ByteBuffer
    /// Ciphertext for the peer.
    public typealias OutboundOut = ByteBuffer

    /// The request of this side to the handler itself, as a user outbound event.
    enum Command {
        /// Close once no application data has moved for this long.
        case drain(quietPeriod: TimeAmount)
        /// Close now, whatever is under way.
        case abort
    }

    enum Stage {
        /// The channel isn't active yet.
        case idle
        case handshaking
        case established
        /// Nothing of the application passes any more; the peer gets its time to read what was sent last.
        case lingering
        case closed
    }

    let connection: Connection
    let limits: MutualTLSLimits
    var stage = Stage.idle
    /// The failure as it was told.
    var failure: ConnectionFailure?
    var pendingWrites: PendingWrites
    /// Whether a flush came before the end of the handshake.
    var hasPendingFlush = false
    /// A `close(mode: .output)` that came before the end of the handshake.
    var pendingHalfClose: (isRequested: Bool, promise: EventLoopPromise<Void>?) = (false, nil)
    /// Promises of writes that wait for the rest of a message of the peer, and how many bytes these have.
    var heldPromises: [EventLoopPromise<Void>] = []
    var heldBytes = 0
    /// Whether to close once everything is sent.
    var closesWhenSent = false
    /// Whether the application asked for data and has got none since.
    var hasReadDemand = false
    /// Whether a read waits for the channel to become writable.
    var isReadHeld = false
    /// Whether the end of the peer's data was told.
    var hasToldInputEnd = false
    var hasToldConfirmation = false
    /// Whether to close once the handlers have seen all that was read.
    var closesAfterRead = false
    /// The first bytes of the peer, to name what isn't TLS.
    var firstBytes: [UInt8] = []
    var droppedBytes = 0
    var timer: Scheduled<Void>?
    var lastActivity = NIODeadline.uptimeNanoseconds(0)
    var quietPeriod: TimeAmount?

    /// Makes a server's side.
    public convenience init(server: MutualTLSServer, limits: MutualTLSLimits = .server) throws(MutualTLSError) {
        self.init(try server.makeConnection(), limits: limits)
    }

    /// Makes a client's side.
    public convenience init(client: MutualTLSClient, limits: MutualTLSLimits = .client) throws(MutualTLSError) {
        self.init(try client.makeConnection(), limits: limits)
    }

    private init(_ connection: Connection, limits: MutualTLSLimits) {
        self.connection = connection
        self.limits = limits
        pendingWrites = PendingWrites(limit: limits.pendingWriteBytes)
    }

    /// Information about the connection as it is now. For the channel's event loop only.
    public var information: ConnectionInformation { connection.information }

    // MARK: The channel's life

    /// Begins, if the channel is active already.
    public func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    /// Begins the handshake.
    public func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    /// Ends the connection, and tells a stream that was cut.
    public func channelInactive(context: ChannelHandlerContext) {
        if stage == .handshaking || stage == .established {
            connection.receiveEndOfInput()
            advance(context)
        }
        end(context)
        context.fireChannelInactive()
    }

    /// Gives up what waits.
    public func handlerRemoved(context: ChannelHandlerContext) {
        end(context)
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard stage == .idle else { return }
        stage = .handshaking
        lastActivity = context.eventLoop.now
        schedule(in: limits.handshakeTimeout, context) { handler, context in
            guard handler.stage == .handshaking else { return }
            let information = handler.information
            handler.fail(.timedOut(handler.limits.handshakeTimeout, information, peer: handler.peer), context)
        }
        connection.start()
        advance(context)
        if stage == .handshaking { context.read() }
    }

    private func end(_ context: ChannelHandlerContext) {
        stage = .closed
        timer?.cancel()
        timer = nil
        failPendingWrites()
    }

    /// Runs the work later, in place of whatever was scheduled before.
    func schedule(
        in delay: TimeAmount,
        _ context: ChannelHandlerContext,
        _ work: @escaping (MutualTLSHandler, ChannelHandlerContext) -> Void
    ) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, self.stage != .closed else { return }
            work(self, context)
        }
    }

    /// How messages call the other side.
    var peer: String { connection.role == .server ? "client" : "server" }
}

// A handler and what it holds belong to its channel's event loop.
@available(*, unavailable)
extension MutualTLSHandler: Sendable {}

extension Channel {
    /// Information about the connection as it is now, for handlers that came after the handshake's event, such as those
    /// that a protocol negotiation adds.
    ///
    /// - Returns: A future that fails with `ChannelPipelineError` where no ``MutualTLSHandler`` is in the pipeline.
    public func mutualTLSInformation() -> EventLoopFuture<ConnectionInformation> {
        pipeline.eventLoop.submit {
            try self.pipeline.syncOperations.handler(type: MutualTLSHandler.self).information
        }
    }
}

/// Events that a ``MutualTLSHandler`` fires for the handlers behind it, as user inbound events.
///
/// It also fires NIO's own `TLSUserEvent`: `handshakeCompleted` with the protocol of ALPN right after
/// ``handshakeCompleted(_:)``, so that `ApplicationProtocolNegotiationHandler` works, and `shutdownCompleted` right after
/// ``peerClosed``.
public enum MutualTLSEvent: Sendable {
    /// The handshake is finished; see ``/MutualTLS/ConnectionState/established`` for what that means to a TLS 1.3
    /// client. Told once.
    case handshakeCompleted(ConnectionInformation)
    /// On a client: the server has accepted the connection, which a TLS 1.3 client learns only from what the server
    /// sends after the handshake. Told once, and never by a server that waits for the client to speak and issues no
    /// session tickets.
    case confirmed(ConnectionInformation)
    /// The connection failed, with what was known about it. Told once; the failure follows as an error, once too.
    case failed(ConnectionFailure, ConnectionInformation)
    /// The peer has sent close_notify, and will send nothing more.
    case peerClosed
    /// The acceptor shuts down. The connection is closed once it is quiet; a handler that knows better when its
    /// work is done can close it earlier.
    case shutdownRequested
}

/// The limits on a peer's cost: time and memory that a connection spends on it.
public struct MutualTLSLimits: Sendable, Hashable {
    /// How long a handshake may take, from the connected socket to its end, however slowly bytes come.
    public var handshakeTimeout = TimeAmount.seconds(10)
    /// How many bytes of application data are kept for the end of the handshake. A write beyond that fails with
    /// ``/MutualTLS/MutualTLSError/Code/tooManyPendingWrites``.
    public var pendingWriteBytes = 1 << 20
    /// Whether the connection outlives the peer's close_notify: this side may go on writing until it closes.
    ///
    /// Otherwise a close_notify is answered with one, after what was written before it, and the connection closes.
    public var allowsHalfClosure = false
    /// Whether nothing is read while written bytes wait for the peer to take them.
    ///
    /// It bounds the memory of a server that answers whatever it is asked. If both sides of a connection do so and
    /// both write without reading, they wait for each other for ever: by default only servers do.
    public var pausesReadsWhileUnwritable: Bool
    /// How long the end of a connection may take: after a failure from then on, otherwise once everything written
    /// has left. The peer reads what was sent last, an alert or close_notify, and a reset would take that from it.
    public var lingerTimeout = TimeAmount.seconds(2)
    /// How many bytes of the peer are dropped at the end of a connection before it is cut.
    public var lingerBytes = 256 * 1024

    private init(pausesReadsWhileUnwritable: Bool) {
        self.pausesReadsWhileUnwritable = pausesReadsWhileUnwritable
    }

    /// The defaults of a server.
    public static let server = MutualTLSLimits(pausesReadsWhileUnwritable: true)
    /// The defaults of a client.
    public static let client = MutualTLSLimits(pausesReadsWhileUnwritable: false)
}
