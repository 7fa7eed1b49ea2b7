internal import Logging
internal import MutualTLS
public import NIOCore
public import NIOPosix

/// A member of a cluster: it listens, connects to other nodes by name, and both sides of each connection prove who
/// they are.
///
/// ```swift
/// let manager = CertAuthManager(
///     identity, clientAuth: .requireAndVerifyClientCert, clientCAs: clusterCA, rootCAs: clusterCA)
/// let options = NodeOptions(certManager: manager, currentTime: clock)
/// let node = try await Node.start("alpha", options: options) { channel in
///     channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(MyProtocol()) }
/// }
/// ```
///
/// Identities rotate with `update`: new connections use the new one, existing ones keep theirs, and
/// ``NodeConnection/localCertificate`` says which. Pools, mode and server name are those of the start.
public final class Node: Sendable {
    /// The node's name.
    public let name: String
    private let options: NodeOptions
    private let group: any EventLoopGroup
    private let acceptors: [MutualTLSAcceptor]
    private let ownTrust: OutgoingTrust
    private let routes: [(route: StaticRoute, trust: OutgoingTrust)]
    private let established: NodeConnections
    private let fixedPools: FixedPools

    private init(
        _ name: String,
        _ options: NodeOptions,
        _ group: any EventLoopGroup,
        _ acceptors: [MutualTLSAcceptor],
        _ established: NodeConnections
    ) {
        self.name = name
        self.options = options
        self.group = group
        self.acceptors = acceptors
        self.established = established
        ownTrust = OutgoingTrust(options)
        routes = options.network.routes.map { ($0, OutgoingTrust($0, options)) }
        fixedPools = FixedPools(options)
    }

    /// Checks all settings, then listens on every acceptor's port.
    ///
    /// - Parameters:
    ///   - name: The node's name, for logs.
    ///   - options: What it is and whom it trusts.
    ///   - group: The event loops of all connections.
    ///   - initializer: Adds the application's handlers to each incoming connection, behind TLS.
    /// - Throws: `MutualTLSError` for settings that don't go together, such as an acceptor without an identity, and
    ///   for a port that can't be had. Nothing listens then.
    public static func start(
        _ name: String,
        options: NodeOptions,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> Node {
        let servers = try options.network.acceptors.map { try options.server(for: $0) }
        for route in options.network.routes {
            // Whatever the answer: a wrong pattern shows now, and not when somebody connects.
            _ = try route.matches(name)
            _ = try OutgoingTrust(route, options).client(for: route.address.host)
        }
        let established = NodeConnections()
        var acceptors: [MutualTLSAcceptor] = []
        do {
            for (settings, server) in zip(options.network.acceptors, servers) {
                let acceptor = try await MutualTLSAcceptor.bind(
                    server,
                    host: settings.host(of: name),
                    port: settings.port,
                    group: group,
                    options: settings.limits,
                    logger: options.logger
                ) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(IncomingConnectionObserver(established))
                    }
                    .flatMap { initializer(channel) }
                }
                acceptors.append(acceptor)
            }
        } catch {
            for acceptor in acceptors { await acceptor.shutdown(deadline: .zero) }
            throw error
        }
        return Node(name, options, group, acceptors, established)
    }

    /// The ports of the acceptors, in the order of the options.
    public var ports: [Int] { acceptors.map(\.port) }

    /// The established connections, in no order.
    public var connections: [NodeConnection] { established.all }

    /// Connects to a node by name: along the static routes that match, in their order until one connects, otherwise where
    /// the resolver says.
    ///
    /// - Throws: `MutualTLSError` with the code `noRoute` for a name that leads nowhere or `network` when nobody
    ///   listens there, and `ConnectionFailure` when TLS fails.
    public func connect(
        to name: String,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void> = {
            $0.eventLoop.makeSucceededVoidFuture()
        }
    ) async throws -> NodeConnection {
        var failure: (any Error)?
        for (route, trust) in routes where try route.matches(name) {
            do {
                return try await connect(route.address, trust, initializer)
            } catch {
                failure = error
                try Task.checkCancellation()
                if established.isStopped { throw error }
            }
        }
        if let failure { throw failure }
        guard let address = try await options.network.resolver?(name) else {
            throw MutualTLSError(
                .noRoute,
                "Expected a static route or a resolver that knows \"\(name)\", found none of "
                    + "\(routes.count) routes to match. Add a route, or connect by host and port."
            )
        }
        return try await connect(address, ownTrust, initializer)
    }

    /// Connects to a node by address, with the node's own manager.
    ///
    /// - Throws: As ``connect(to:initializer:)``.
    public func connect(
        address: NodeAddress,
        initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void> = {
            $0.eventLoop.makeSucceededVoidFuture()
        }
    ) async throws -> NodeConnection {
        try await connect(address, ownTrust, initializer)
    }

    /// Stops listening, lets connections finish as an acceptor's shutdown does, and returns when all are closed.
    ///
    /// Connections that are still open after the deadline are cut.
    public func stop(deadline: TimeAmount = .seconds(30)) async {
        let outgoing = established.stop().filter { $0.direction == .outgoing }.map(\.channel)
        await withTaskGroup(of: Void.self) { tasks in
            for acceptor in acceptors { tasks.addTask { await acceptor.shutdown(deadline: deadline) } }
            tasks.addTask { await self.close(outgoing, deadline) }
        }
    }

    private func connect(
        _ address: NodeAddress,
        _ trust: OutgoingTrust,
        _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> NodeConnection {
        guard !established.isStopped else { throw Node.stopped(name) }
        let dialer = MutualTLSDialer(
            try trust.client(for: address.host),
            group: group,
            options: options.network.dialer
        )
        let dialed = try await dialer.connect(host: address.host, port: address.port, initializer: initializer)
        let connection = NodeConnection(
            channel: dialed.channel,
            direction: .outgoing,
            information: dialed.information
        )
        guard established.add(connection) else {
            dialed.channel.close(promise: nil)
            throw Node.stopped(name)
        }
        return connection
    }

    private func close(_ channels: [any Channel], _ deadline: TimeAmount) async {
        guard !channels.isEmpty else { return }
        let loop = group.any()
        let drain = MutualTLSHandler.Command.drain(quietPeriod: MutualTLSAcceptorOptions().quietPeriod)
        for channel in channels { channel.triggerUserOutboundEvent(drain, promise: nil) }
        let cut = loop.scheduleTask(in: deadline) {
            for channel in channels { channel.triggerUserOutboundEvent(MutualTLSHandler.Command.abort, promise: nil) }
        }
        try? await EventLoopFuture.andAllComplete(channels.map(\.closeFuture), on: loop).get()
        cut.cancel()
    }

    private static func stopped(_ name: String) -> MutualTLSError {
        MutualTLSError(.connectionClosed, "The node \(name) has stopped. Start it anew to connect.")
    }
}

extension NodeOptions {
    /// The manager that an acceptor serves with: its own before the node's.
    fileprivate func server(for acceptor: AcceptorOptions) throws(MutualTLSError) -> MutualTLSServer {
        guard let provider = acceptor.certManager ?? certManager else {
            throw MutualTLSError(
                .missingIdentity,
                "The acceptor on \(acceptor.host ?? "the node's host"):\(acceptor.port) has no identity. Set certManager on it or on the node."
            )
        }
        var settings: MutualTLSConfiguration.Server
        if let manager = provider as? CertAuthManager {
            settings = MutualTLSConfiguration.Server(
                manager: manager,
                poolPolicy: poolPolicy,
                currentTime: currentTime
            )
        } else {
            settings = MutualTLSConfiguration.Server(identity: provider, currentTime: currentTime)
        }
        settings.minimumVersion = network.minimumVersion
        settings.maximumVersion = network.maximumVersion
        settings.logger = logger
        network.configureServer(&settings)
        return try settings.resolve()
    }
}

extension AcceptorOptions {
    /// Where an acceptor of the node listens.
    fileprivate func host(of node: String) -> String {
        if let host { return host }
        guard let at = node.lastIndex(of: "@"), node.index(after: at) < node.endIndex else { return "0.0.0.0" }
        return String(node[node.index(after: at)...])
    }
}
