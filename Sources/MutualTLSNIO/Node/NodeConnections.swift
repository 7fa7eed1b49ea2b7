internal import NIOCore
internal import Synchronization

/// The established connections of one node.
final class NodeConnections: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: NodeConnection] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())

    var all: [NodeConnection] { state.withLock { Array($0.connections.values) } }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Takes a connection until its channel closes; false when the node has stopped.
    func add(_ connection: NodeConnection) -> Bool {
        let id = ObjectIdentifier(connection.channel)
        let isAdded = state.withLock { state in
            guard !state.isStopped else { return false }
            state.connections[id] = connection
            return true
        }
        if isAdded {
            connection.channel.closeFuture.whenComplete { _ in
                self.state.withLock { _ = $0.connections.removeValue(forKey: id) }
            }
        }
        return isAdded
    }

    /// Takes no connection from now on, and returns those that there are.
    func stop() -> [NodeConnection] {
        state.withLock { state in
            state.isStopped = true
            return Array(state.connections.values)
        }
    }
}

/// Tells a node of a connection that another node made.
final class IncomingConnectionObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connections: NodeConnections

    init(_ connections: NodeConnections) {
        self.connections = connections
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let information)? = event as? MutualTLSEvent {
            // When the node stops, its acceptor closes the connection.
            _ = connections.add(
                NodeConnection(channel: context.channel, direction: .incoming, information: information)
            )
        }
        context.fireUserInboundEventTriggered(event)
    }
}
