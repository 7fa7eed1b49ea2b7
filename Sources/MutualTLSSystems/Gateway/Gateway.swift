public import Logging
public import MutualTLS
internal import MutualTLSFiles
public import MutualTLSNIO
public import NIOCore
public import NIOHTTP1
public import NIOPosix
internal import Synchronization

/// The side of a gateway that calls the IAM service: with a client certificate, and with signed requests.
///
/// The two answer different questions. The certificate proves the caller in the handshake, before any byte of HTTP;
/// the signature binds one request to a secret that the service knows under a name.
public final class Gateway: Sendable {
    private struct Credentials: Sendable {
        let identity: IdentityReloader
        let roots: PoolReloader
        /// Follows both.
        let manager: CertAuthManager
    }

    private struct State {
        var credentials: [GatewayCredentialFiles: Credentials] = [:]
        var serviceAgent: HTTPAgent?
    }

    /// The stored configuration.
    public let settings: GatewaySettings
    private let group: any EventLoopGroup
    private let currentTime: @Sendable () -> Timestamp
    private let logger: Logger?
    private let configure: @Sendable (inout MutualTLSConfiguration.Client) -> Void
    private let state = Mutex(State())

    /// A gateway; nothing is read or connected yet.
    ///
    /// - Parameter configure: Changes what the stored configuration doesn't say of TLS: revocation, sessions, versions.
    public init(
        _ settings: GatewaySettings,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil,
        currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now,
        configure: @escaping @Sendable (inout MutualTLSConfiguration.Client) -> Void = { _ in }
    ) {
        self.configure = configure
        self.settings = settings
        self.group = group
        self.currentTime = currentTime
        self.logger = logger
    }

    /// An agent with the client certificate loaded, or nil when SSL is disabled or paths are missing.
    ///
    /// A path that is set and leads to no usable file is an error, and not nil: a caller that then went on without the
    /// certificate would lose what it had asked for.
    ///
    /// - Parameters:
    ///   - botDetector: Whether the agent is for the polling of a bot detector, which has the certificate and a pool
    ///     of high throughput.
    ///   - ssl: Paths in place of those of the stored configuration.
    /// - Throws: `MutualTLSFilesError`, which names the file.
    public func getAuthAgent(botDetector: Bool, ssl: GatewaySettings.SSL? = nil) throws -> HTTPAgent? {
        guard let files = (ssl ?? settings.ssl).files else { return nil }
        let credentials = try credentials(files)
        var settings = MutualTLSConfiguration.Client(
            manager: credentials.manager,
            poolPolicy: .live,
            currentTime: currentTime
        )
        configure(&settings)
        return HTTPAgent(
            settings,
            group: group,
            options: botDetector ? Gateway.highThroughput : HTTPAgentOptions()
        )
    }

    /// Looks at the files of every agent anew: renewed credentials are used from the next request on, and connections
    /// of the old ones are dropped. A bad change keeps the last good credentials, and is logged.
    public func reloadCredentials() {
        let now = currentTime()
        for credentials in state.withLock({ Array($0.credentials.values) }) {
            credentials.identity.check(at: now)
            credentials.roots.check(at: now)
        }
    }

    /// Sends a request to the IAM service, as `serviceToService` of the documentation does: with the agent of the
    /// stored configuration, and signed if message authentication is on.
    ///
    /// - Throws: `MutualTLSSystemsError` with the code `missingKey` when there is no agent: this gateway never falls
    ///   back to a connection without a certificate. Otherwise as `HTTPAgent.execute`.
    public func sendToServer(
        _ method: HTTPMethod,
        path: String,
        body: ByteBuffer = ByteBuffer()
    ) async throws -> HTTPAgent.Response {
        guard let agent = try serviceAgent() else {
            throw MutualTLSSystemsError(
                .missingKey,
                "Expected mutual TLS towards the IAM service, found it disabled or without paths. Set enableSSL, "
                    + "mainDirPath, rootCertsPath, clientCertsPath and clientKeyPath."
            )
        }
        var request = HTTPAgent.Request(
            method,
            HTTPAgent.Origin(host: settings.authLocation.serverOrDNS, port: settings.authLocation.port),
            path: path,
            body: body
        )
        if settings.hmac.enableHmac {
            RequestSignature(clientId: settings.hmac.clientId, time: currentTime())
                .sign(&request, secret: settings.hmac.sharedSecret)
        }
        return try await agent.execute(request)
    }

    /// Closes the agent of ``sendToServer(_:path:body:)``. Agents that were handed out are their holders' to close.
    public func close() async {
        await state.withLock({ $0.serviceAgent })?.close()
    }

    /// More connections, and kept for longer than the default: polling asks often and in bursts.
    private static var highThroughput: HTTPAgentOptions {
        var options = HTTPAgentOptions()
        options.connectionsPerOrigin = 128
        options.idleTimeout = .seconds(30)
        return options
    }

    private func serviceAgent() throws -> HTTPAgent? {
        if let agent = state.withLock({ $0.serviceAgent }) { return agent }
        guard let agent = try getAuthAgent(botDetector: false) else { return nil }
        return state.withLock { state in
            let kept = state.serviceAgent ?? agent
            state.serviceAgent = kept
            return kept
        }
    }

    private func credentials(_ files: GatewayCredentialFiles) throws -> Credentials {
        if let known = state.withLock({ $0.credentials[files] }) { return known }
        let now = currentTime()
        let identity = try IdentityReloader(
            IdentityFiles(certificate: files.certificate, privateKey: files.privateKey),
            at: now,
            logger: logger
        )
        let roots = try PoolReloader(CertificatePoolFiles(files.roots), at: now, logger: logger)
        let manager = CertAuthManager(identity.identity, rootCAs: roots.value)
        identity.keepUpdated(manager)
        roots.keepUpdated(rootCAsOf: manager)
        let fresh = Credentials(identity: identity, roots: roots, manager: manager)
        return state.withLock { state in
            let kept = state.credentials[files] ?? fresh
            state.credentials[files] = kept
            return kept
        }
    }
}
