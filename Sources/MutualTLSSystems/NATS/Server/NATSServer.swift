public import Logging
public import MutualTLS
internal import MutualTLSNIO
public import NIOCore
public import NIOPosix
internal import Synchronization

/// A NATS server of one process behind the TLS of a NATS configuration, for the clients that nats-server is for.
///
/// Subjects with wildcards, queue groups, headers, requests with their "no responders", `UNSUB` with a maximum, `no_echo`,
/// permissions of users, limits and pings are those of nats-server 2.9, and so are its words for errors. It has no
/// clusters, no accounts and no JetStream, and doesn't start with a configuration that asks for accounts.
///
/// As NATS does, it greets with INFO in plain text, and then begins TLS on the same connection. `verify` and
/// `verify_and_map` are the only ways to ask clients for a certificate.
public final class NATSServer: Sendable {
    private let acceptor: MutualTLSAcceptor
    private let manager: CertAuthManager
    private let logger: Logger?

    private init(_ acceptor: MutualTLSAcceptor, _ manager: CertAuthManager, _ logger: Logger?) {
        self.acceptor = acceptor
        self.manager = manager
        self.logger = logger
    }

    /// Reads the files of the configuration and listens.
    ///
    /// - Throws: ``MutualTLSSystemsError`` for a configuration without what TLS needs, `MutualTLSFilesError` for files,
    ///   and `MutualTLSError` for a port that can't be had.
    public static func start(
        _ name: String,
        _ configuration: NATSConfiguration,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil,
        currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now
    ) async throws -> NATSServer {
        guard let block = configuration.tls else {
            throw MutualTLSSystemsError(.missingKey, "The configuration has no tls block. Write tls { … }.")
        }
        let credentials = try NATSCredentials(block, isServer: true, logger: logger)
        guard let identity = credentials.identity else {
            throw MutualTLSSystemsError(
                .missingKey,
                "The tls block has no cert_file. Name the file of the certificate."
            )
        }
        if let key = configuration.unsupported.first {
            throw MutualTLSSystemsError(
                .unknownKey,
                "Expected users with passwords or certificates, found \(key), which this server has nothing for. Take it "
                    + "out, or use nats-server."
            )
        }
        if block.verifyAndMap, configuration.authorization == nil {
            logger?.warning(
                "verify_and_map has no effect without authorization { users }: every verified client may do all."
            )
        }
        let manager = CertAuthManager(
            identity,
            clientAuth: block.requiresClientCertificate ? .requireAndVerifyClientCert : .noClientCert,
            clientCAs: block.requiresClientCertificate ? credentials.authorities : nil,
            logger: logger
        )
        var settings = MutualTLSConfiguration.Server(manager: manager, poolPolicy: .live, currentTime: currentTime)
        settings.logger = logger
        var options = MutualTLSAcceptorOptions()
        options.limits.handshakeTimeout = block.timeout
        let sessions = NATSSessionSettings(configuration, block, logger: logger)
        let limits = NATSWireLimits(controlLine: configuration.maxControlLine, payload: configuration.maxPayload)
        let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
            low: max(1, configuration.maxPending / 8),
            high: max(1, configuration.maxPending)
        )
        let greeting = NATSServerInfo(
            serverName: name,
            host: configuration.host,
            maxPayload: configuration.maxPayload,
            authRequired: configuration.authorization != nil,
            tlsVerify: block.requiresClientCertificate
        )
        let clients = ClientNumbers()
        let acceptor = try await MutualTLSAcceptor.bind(
            settings.resolve(),
            host: configuration.host,
            port: configuration.port,
            group: group,
            options: options,
            logger: logger
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                var info = greeting
                info.clientID = clients.next()
                info.clientIP = channel.remoteAddress?.ipAddress ?? ""
                info.port = channel.localAddress?.port ?? 0
                let text = try NATSOperation.info(info.json()).bytes
                try pipeline.addHandler(PlaintextGreeting(text), position: .first)
                try pipeline.addHandler(ByteToMessageHandler(NATSDecoder(limits)))
                try pipeline.addHandler(NATSSession(sessions, channel))
                try channel.syncOptions?.setOption(.writeBufferWaterMark, value: waterMark)
            }
        }
        return NATSServer(acceptor, manager, logger)
    }

    /// The port that it listens on, whichever was asked for.
    public var port: Int { acceptor.port }

    /// How many clients are connected, those in their handshake included.
    public var connectionCount: Int { acceptor.connectionCount }

    /// Takes over certificate, key, authorities and `verify` of a configuration, as a reload of NATS does.
    ///
    /// New connections use them; existing ones stay. Port, timeout and pins stay as they were. When anything is wrong
    /// nothing changes.
    public func reload(_ configuration: NATSConfiguration) throws {
        guard let block = configuration.tls else {
            throw MutualTLSSystemsError(.missingKey, "The configuration has no tls block. Write tls { … }.")
        }
        let credentials = try NATSCredentials(block, isServer: true, logger: logger)
        guard let identity = credentials.identity else {
            throw MutualTLSSystemsError(
                .missingKey,
                "The tls block has no cert_file. Name the file of the certificate."
            )
        }
        if block.requiresClientCertificate {
            manager.setClientAuth(.requireAndVerifyClientCert, clientCAs: credentials.authorities)
        } else {
            manager.setClientAuth(.noClientCert, clientCAs: nil)
        }
        manager.update(identity)
    }

    /// Stops accepting, ends connections once they are quiet, and cuts what is left at the deadline.
    public func shutdown(deadline: TimeAmount = .seconds(30)) async {
        await acceptor.shutdown(deadline: deadline)
    }
}

/// The numbers of the clients of one server, in the order of their connections.
private final class ClientNumbers: Sendable {
    private let last = Mutex<UInt64>(0)

    func next() -> UInt64 {
        last.withLock { last in
            last += 1
            return last
        }
    }
}
