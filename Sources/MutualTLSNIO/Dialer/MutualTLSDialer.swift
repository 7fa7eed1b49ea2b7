public import MutualTLS
public import NIOCore
internal import NIOPosix

/// Connects to TCP ports with mutual TLS.
public struct MutualTLSDialer: Sendable {
    /// The settings that connections are made with.
    public let client: MutualTLSClient
    /// The event loops of the connections.
    public let group: any EventLoopGroup
    /// Timeouts and limits.
    public var options: MutualTLSDialerOptions

    /// A dialer for one client.
    public init(
        _ client: MutualTLSClient,
        group: any EventLoopGroup,
        options: MutualTLSDialerOptions = MutualTLSDialerOptions()
    ) {
        self.client = client
        self.group = group
        self.options = options
    }

    /// Connects, and returns when the handshake is finished, or with `.waits` when the server has accepted.
    ///
    /// The server is verified by the client's server name, whatever the host is.
    ///
    /// - Parameters:
    ///   - host: A name or an address.
    ///   - port: The port.
    ///   - initializer: Adds the application's handlers behind TLS; they see everything from the first byte.
    /// - Throws: ``/MutualTLS/MutualTLSError`` with the code ``/MutualTLS/MutualTLSError/Code/network`` when there is
    ///   no TCP connection, and ``/MutualTLS/ConnectionFailure`` when TLS fails on it.
    public func connect(
        host: String,
        port: Int,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void> = {
            $0.eventLoop.makeSucceededVoidFuture()
        }
    ) async throws -> DialedConnection {
        try await connect(host: host, port: port, channelInitializer: initializer).connection
    }

    /// Connects, and returns the channel as the initializer made it: for NIO's asynchronous channels.
    ///
    /// ```swift
    /// let (connection, channel) = try await dialer.connect(host: "localhost", port: 8443) { channel in
    ///     channel.eventLoop.makeCompletedFuture {
    ///         try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
    ///     }
    /// }
    /// try await channel.executeThenClose { inbound, outbound in … }
    /// ```
    ///
    /// - Throws: As ``connect(host:port:initializer:)``.
    public func connect<Output: Sendable>(
        host: String,
        port: Int,
        channelInitializer initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Output>
    ) async throws -> (connection: DialedConnection, output: Output) {
        let client = self.client
        let options = self.options
        let outcomes = DialOutcomes<Output>()
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(options.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(MutualTLSHandler(client: client, limits: options.limits))
                    let observer = DialObserver(options.confirmation, on: channel.eventLoop)
                    try pipeline.addHandler(observer)
                    return observer.result
                }
                .flatMap { result in initializer(channel).map { outcomes.keep(channel, result, $0) } }
            }
        let channel: any Channel
        do {
            channel = try await bootstrap.connect(host: host, port: port).get()
        } catch let error as MutualTLSError {
            throw error
        } catch {
            throw MutualTLSError(
                .network,
                "Could not connect to \(host):\(port): \(NetworkReason.of(error)). Check host, port, and that a server "
                    + "listens there.",
                cause: error
            )
        }
        guard let (result, output) = outcomes[channel] else { throw ChannelError.inappropriateOperationForState }
        return (try await result.get(), output)
    }
}

/// How a ``MutualTLSDialer`` connects.
public struct MutualTLSDialerOptions: Sendable, Hashable {
    /// When a dialed connection is handed out.
    public enum Confirmation: Sendable, Hashable {
        /// When this side's handshake is finished. In TLS 1.3 the server's refusal may still be to come.
        case none
        /// When the server has shown that it accepted the connection: by the end of the handshake in TLS 1.2 or
        /// where it asked for no certificate, otherwise by what it sends after it, which is application data or a
        /// session ticket. A server that sends neither within the time may well have accepted; the connection is
        /// then handed out unconfirmed.
        case waits(upTo: TimeAmount)
    }

    /// The limits on the peer's cost.
    public var limits = MutualTLSLimits.client
    /// How long the TCP connection may take.
    public var connectTimeout = TimeAmount.seconds(10)
    /// Whether to wait until the server has accepted the client's certificate, so that "connected, then rejected" is
    /// told as a rejection.
    public var confirmation = Confirmation.none

    /// The defaults.
    public init() {}
}

/// A connection that a ``MutualTLSDialer`` made.
public struct DialedConnection: Sendable {
    /// The channel, with TLS in its pipeline.
    public let channel: any Channel
    /// The outcome of the handshake.
    public let information: ConnectionInformation
    /// Whether the server has shown that it accepted the connection; see
    /// ``MutualTLSDialerOptions/Confirmation/waits(upTo:)``.
    public let isConfirmed: Bool
}
