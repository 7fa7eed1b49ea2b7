public import Logging
public import MutualTLS
internal import MutualTLSNIO
public import NIOCore
public import NIOPosix

/// A small NATS server: publish, subscribe and ping behind the TLS of a NATS configuration.
///
/// As NATS does, it greets with INFO in plain text, and then begins TLS on the same connection. `verify` is the only
/// way to ask clients for a certificate.
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
        let router = NATSRouter()
        let info = try NATSServerInfo(serverName: name, tlsVerify: block.requiresClientCertificate).json()
        let greeting = NATSOperation.info(info).bytes
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
                try pipeline.addHandler(PlaintextGreeting(greeting), position: .first)
                try pipeline.addHandler(ByteToMessageHandler(NATSDecoder()))
                try pipeline.addHandler(NATSSession(router, pins: block.pinnedCerts, logger: logger))
                try channel.syncOptions?.setOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
            }
        }
        return NATSServer(acceptor, manager, logger)
    }

    /// The port that it listens on, whichever was asked for.
    public var port: Int { acceptor.port }

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
