public import MutualTLS
public import NIOCore
internal import NIOPosix

/// Connects to TCP ports with mutual TLS.
public struct MutualTLSDialer: Sendable {
    /// What connections are made with.
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
        let client = self.client
        let options = self.options
        let outcomes = DialOutcomes()
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(options.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(MutualTLSHandler(client: client, limits: options.limits))
                    let observer = DialObserver(options.confirmation, on: channel.eventLoop)
                    outcomes[channel] = observer.result
                    try pipeline.addHandler(observer)
                }
                .flatMap { initializer(channel) }
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
        guard let outcome = outcomes[channel] else { throw ChannelError.inappropriateOperationForState }
        return try await outcome.get()
    }
}
