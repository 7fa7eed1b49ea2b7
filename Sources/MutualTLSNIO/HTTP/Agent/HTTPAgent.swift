public import MutualTLS
public import NIOCore
internal import NIOHTTP1
public import NIOPosix
internal import Synchronization

/// An HTTPS client (HTTP/1.1) that keeps connections for further requests, and never one that would show another
/// identity than a new connection.
///
/// ```swift
/// let agent = HTTPAgent(identity: manager, rootCAs: roots, currentTime: clock)
/// let origin = HTTPAgent.Origin(host: "iam.internal")
/// let response = try await agent.execute(HTTPAgent.Request(.GET, origin, path: "/health"))
/// ```
///
/// Connections are shared by origin, the chain that they presented, and the roots that they trusted. When the identity
/// or the roots change, idle connections of before are closed with the next request, and those in use after their
/// response.
public final class HTTPAgent: Sendable {
    typealias PoolState = HTTPPoolState<HTTPAgentCredential, PooledConnection>
    typealias Waiter = CheckedContinuation<PoolState.Grant, any Error>

    private struct State {
        var pool: PoolState
        var waiting: [Int: Waiter] = [:]
    }

    private let identity: (any IdentityProvider)?
    private let rootCAs: @Sendable () -> CertificatePool
    private let group: any EventLoopGroup
    private let options: HTTPAgentOptions
    private let currentTime: @Sendable () -> Timestamp
    private let state: Mutex<State>

    /// An agent with an identity and roots that may both rotate.
    ///
    /// - Parameters:
    ///   - identity: What is presented to servers that ask for it, or nil for an anonymous agent.
    ///   - rootCAs: The pool that servers are verified against, asked for with each request.
    ///   - group: The event loops of the connections.
    ///   - options: Limits.
    ///   - currentTime: The time that certificates are judged at.
    public init(
        identity: (any IdentityProvider)?,
        rootCAs: @escaping @Sendable () -> CertificatePool,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        options: HTTPAgentOptions = HTTPAgentOptions(),
        currentTime: @escaping @Sendable () -> Timestamp
    ) {
        self.identity = identity
        self.rootCAs = rootCAs
        self.group = group
        self.options = options
        self.currentTime = currentTime
        state = Mutex(State(pool: PoolState(slotsPerOrigin: options.connectionsPerOrigin)))
    }

    /// An agent whose roots stay.
    public convenience init(
        identity: (any IdentityProvider)?,
        rootCAs: CertificatePool,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        options: HTTPAgentOptions = HTTPAgentOptions(),
        currentTime: @escaping @Sendable () -> Timestamp
    ) {
        self.init(identity: identity, rootCAs: { rootCAs }, group: group, options: options, currentTime: currentTime)
    }

    /// How many connections there are.
    public var connectionCount: Int { state.withLock { $0.pool.connectionCount } }
    /// How many of them no request uses.
    public var idleConnectionCount: Int { state.withLock { $0.pool.idleCount } }

    /// Sends a request and returns its response, whatever its status.
    ///
    /// A request that may be repeated (RFC 9110 section 9.2.2) is sent again when a connection that had been kept
    /// turns out to have ended.
    ///
    /// - Throws: `ConnectionFailure` when TLS fails, the refusal of a TLS 1.3 server included; `MutualTLSError` when
    ///   there is no connection, no response in time, or the agent is closed.
    public func execute(_ request: Request) async throws -> Response {
        while true {
            let (connection, isReused) = try await lease(request.origin)
            do {
                let outcome = try await connection.send(request, timeout: options.requestTimeout)
                giveBack(connection, isReusable: outcome.isReusable)
                return outcome.response
            } catch let failure as HTTPClientExchange.Failure {
                giveBack(connection, isReusable: false)
                try Task.checkCancellation()
                guard isReused, failure.isUnanswered, request.isIdempotent else {
                    throw failure.cause is ChannelError ? HTTPAgent.ended(request.origin, failure.cause) : failure.cause
                }
            }
        }
    }

    /// Closes idle connections now and those in use after their response; whoever waits for one gets an error.
    public func close() async {
        let (idle, waiters) = state.withLock { state in
            let ended = state.pool.close()
            return (ended.idle, ended.waiters.compactMap { state.waiting.removeValue(forKey: $0) })
        }
        for waiter in waiters { waiter.resume(throwing: HTTPAgent.closed) }
        for connection in idle { retire(connection) }
        for connection in idle { try? await connection.channel.closeFuture.get() }
    }

    // MARK: Lending

    private func lease(_ origin: Origin) async throws -> (PooledConnection, isReused: Bool) {
        let credential = currentCredential()
        for connection in state.withLock({ $0.pool.takeStale(but: credential) }) { retire(connection) }
        guard case .connection(let connection) = try await grant(.init(origin: origin, credential: credential)) else {
            return (try await open(origin), false)
        }
        // It may have been rotated while this request stood in line.
        guard connection.credential == currentCredential() else {
            giveBack(connection, isReusable: false)
            return try await lease(origin)
        }
        return (connection, true)
    }

    private func grant(_ key: PoolState.Key) async throws -> PoolState.Grant {
        let number = Mutex<Int?>(nil)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Waiter) in
                let answer: Result<PoolState.Grant, any Error>? = state.withLock { state in
                    guard !Task.isCancelled else { return .failure(CancellationError()) }
                    switch state.pool.acquire(key) {
                    case .granted(let grant): return .success(grant)
                    case .closed: return .failure(HTTPAgent.closed)
                    case .waits(let waiter):
                        state.waiting[waiter] = continuation
                        number.withLock { $0 = waiter }
                        return nil
                    }
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let number = number.withLock({ $0 }), state.pool.cancel(waiter: number) else { return nil }
                return state.waiting.removeValue(forKey: number)
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Uses a permit.
    private func open(_ origin: Origin) async throws -> PooledConnection {
        // One snapshot, so that what is presented is what the connection is filed under.
        let credential = currentCredential()
        do {
            let connection = try await dial(origin, credential)
            state.withLock { $0.pool.opened(connection, .init(origin: origin, credential: credential)) }
            connection.channel.closeFuture.whenComplete { _ in self.retire(connection) }
            return connection
        } catch {
            resume(state.withLock { $0.pool.abandonPermit(origin) })
            throw error
        }
    }

    private func dial(_ origin: Origin, _ credential: HTTPAgentCredential) async throws -> PooledConnection {
        var settings = MutualTLSConfiguration.Client(identity: credential.identity, currentTime: currentTime)
        settings.rootCAs = credential.rootCAs
        settings.serverName = try options.serverName ?? ServerName(origin.host)
        settings.minimumVersion = options.minimumVersion
        settings.maximumVersion = options.maximumVersion
        let exchanges = DialedExchanges()
        let limit = options.maximumBodyBytes
        let dialed = try await MutualTLSDialer(settings.resolve(), group: group, options: options.dialer)
            .connect(host: origin.host, port: origin.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    let exchange = HTTPClientExchange(maximumBodyBytes: limit)
                    try pipeline.addHandler(exchange)
                    exchanges[channel] = NIOLoopBound(exchange, eventLoop: channel.eventLoop)
                }
            }
        guard let exchange = exchanges[dialed.channel] else { throw ChannelError.inappropriateOperationForState }
        return PooledConnection(dialed.channel, credential, exchange)
    }

    private func giveBack(_ connection: PooledConnection, isReusable: Bool) {
        guard isReusable, connection.channel.isActive, connection.credential == currentCredential() else {
            retire(connection)
            return
        }
        let (isKept, handover) = state.withLock { $0.pool.release(connection) }
        resume(handover)
        guard isKept else {
            retire(connection)
            return
        }
        if handover == nil {
            connection.whenIdle(for: options.idleTimeout) { [weak self] in self?.expire(connection) }
        }
    }

    private func expire(_ connection: PooledConnection) {
        guard state.withLock({ $0.pool.takeIdle(connection) }) else { return }
        retire(connection)
    }

    private func retire(_ connection: PooledConnection) {
        resume(state.withLock { $0.pool.retire(connection) })
        connection.channel.close(promise: nil)
    }

    private func resume(_ handover: PoolState.Handover?) {
        guard let handover else { return }
        let waiter = state.withLock { $0.waiting.removeValue(forKey: handover.waiter) }
        waiter?.resume(returning: handover.grant)
    }

    private func currentCredential() -> HTTPAgentCredential {
        HTTPAgentCredential(identity: identity?.identity, rootCAs: rootCAs())
    }

    private static let closed = MutualTLSError(.connectionClosed, "The HTTP agent is closed. Make another one.")

    private static func ended(_ origin: Origin, _ cause: any Error) -> MutualTLSError {
        MutualTLSError(
            .network,
            "The connection to \(origin.authority) ended without a whole response. Look at the server's log.",
            cause: cause
        )
    }
}
