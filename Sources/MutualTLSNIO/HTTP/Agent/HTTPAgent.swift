public import MutualTLS
public import NIOCore
internal import NIOHTTP1
public import NIOPosix
internal import Synchronization

/// An HTTPS client (HTTP/1.1) that keeps connections for further requests, and never one that was made under other
/// settings than a new connection would be: another identity, other roots, other revocation lists.
///
/// ```swift
/// var settings = MutualTLSConfiguration.Client(identity: manager)
/// settings.rootCAs = roots
/// settings.sessions = .scoped()
/// let agent = HTTPAgent(settings)
/// let origin = HTTPAgent.Origin(host: "iam.internal")
/// let response = try await agent.execute(HTTPAgent.Request(.GET, origin, path: "/health"))
/// ```
///
/// Connections are shared by origin and by everything of the settings that decides about trust. When any of it is
/// rotated, idle connections of before are closed with the next request, and those in use after their response.
public final class HTTPAgent: Sendable {
    typealias PoolState = HTTPPoolState<[UInt8], PooledConnection>
    typealias Waiter = CheckedContinuation<PoolState.Grant, any Error>

    private struct State {
        var pool: PoolState
        var waiting: [Int: Waiter] = [:]
        /// A client for each host that was asked: it keeps the sessions with it.
        var clients: [Origin: MutualTLSClient] = [:]
    }

    private let settings: MutualTLSConfiguration.Client
    private let group: any EventLoopGroup
    private let options: HTTPAgentOptions
    private let state: Mutex<State>

    /// An agent with the settings of a client, of which everything holds: identity, roots, revocation, sessions,
    /// versions. Roots that rotate come from a `CertAuthManager` with `.live`.
    ///
    /// - Parameters:
    ///   - settings: What connections are made with. Without a server name each origin is verified by its host.
    ///   - group: The event loops of the connections.
    ///   - options: Limits.
    public init(
        _ settings: MutualTLSConfiguration.Client,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        options: HTTPAgentOptions = HTTPAgentOptions()
    ) {
        self.settings = settings
        self.group = group
        self.options = options
        state = Mutex(State(pool: PoolState(slotsPerOrigin: options.connectionsPerOrigin)))
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
                giveBack(connection, isReusable: outcome.isReusable, keepAlive: outcome.keepAlive)
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
        try retireStale()
        let key = PoolState.Key(origin: origin, credential: try client(of: origin).scope())
        guard case .connection(let connection) = try await grant(key) else {
            return (try await open(origin), false)
        }
        // Something may have been rotated while this request stood in line.
        guard isCurrent(connection) else {
            giveBack(connection, isReusable: false)
            return try await lease(origin)
        }
        return (connection, true)
    }

    /// Closes the idle connections whose settings have been rotated since.
    private func retireStale() throws {
        let origins = state.withLock { $0.pool.idleOrigins }
        var current: [Origin: [UInt8]] = [:]
        for origin in origins { current[origin] = try? client(of: origin).scope() }
        for connection in state.withLock({ $0.pool.takeStale(but: current) }) { retire(connection) }
    }

    private func client(of origin: Origin) throws -> MutualTLSClient {
        if let known = state.withLock({ $0.clients[origin] }) { return known }
        var settings = self.settings
        // Unverified, the name is no more than SNI, and a host that can't be one goes without.
        settings.dialedName = settings.insecureSkipVerify ? try? ServerName(origin.host) : try name(for: origin)
        let fresh = try settings.resolve()
        return state.withLock { state in
            let kept = state.clients[origin] ?? fresh
            state.clients[origin] = kept
            return kept
        }
    }

    /// Nil where the settings name the server, whatever the host is.
    private func name(for origin: Origin) throws -> ServerName? {
        let isNamed = settings.serverName != nil || settings.authManager?.serverName != nil
        return isNamed ? try? ServerName(origin.host) : try ServerName(origin.host)
    }

    private func isCurrent(_ connection: PooledConnection) -> Bool {
        (try? client(of: connection.origin).scope()) == connection.scope
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
        do {
            let connection = try await dial(origin)
            state.withLock { $0.pool.opened(connection, .init(origin: origin, credential: connection.scope)) }
            connection.channel.closeFuture.whenComplete { _ in self.retire(connection) }
            return connection
        } catch {
            resume(state.withLock { $0.pool.abandonPermit(origin) })
            throw error
        }
    }

    private func dial(_ origin: Origin) async throws -> PooledConnection {
        let exchanges = DialedExchanges()
        let limit = options.maximumBodyBytes
        let dialed = try await MutualTLSDialer(client(of: origin), group: group, options: options.dialer)
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
        // Filed under what it was really made with; without that it is never lent again.
        let scope = try await dialed.channel.eventLoop.submit { exchange.value.scope ?? [] }.get()
        return PooledConnection(dialed.channel, origin, scope, exchange)
    }

    private func giveBack(_ connection: PooledConnection, isReusable: Bool, keepAlive: TimeAmount? = nil) {
        guard isReusable, connection.channel.isActive, isCurrent(connection) else {
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
            connection.whenIdle(for: idleTime(keepAlive)) { [weak self] in self?.expire(connection) }
        }
    }

    /// No longer than the server keeps the connection, less the time that a request may be on its way.
    private func idleTime(_ keepAlive: TimeAmount?) -> TimeAmount {
        guard let keepAlive else { return options.idleTimeout }
        let half = TimeAmount.nanoseconds(keepAlive.nanoseconds / 2)
        return min(options.idleTimeout, max(half, keepAlive - .seconds(1)))
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

    private static let closed = MutualTLSError(.connectionClosed, "The HTTP agent is closed. Make another one.")

    private static func ended(_ origin: Origin, _ cause: any Error) -> MutualTLSError {
        MutualTLSError(
            .network,
            "The connection to \(origin.authority) ended without a whole response. Look at the server's log.",
            cause: cause
        )
    }
}
