public import MutualTLS
public import NIOCore
internal import Synchronization

/// An established connection of a ``Node``: a channel of plain bytes with TLS under it.
public struct NodeConnection: Sendable {
    /// The node that began it.
    public enum Direction: String, Sendable, Hashable {
        /// The other node.
        case incoming
        /// This node.
        case outgoing
    }

    /// The channel; close it to end the connection.
    public let channel: any Channel
    /// The node that began it.
    public let direction: Direction
    /// The outcome of the handshake. It stays as it was, whatever is rotated later.
    public let information: ConnectionInformation

    /// The certificate that this node really sent on this connection, or nil if it sent none.
    ///
    /// The manager may hold another one now: compare to find the connections that still use an old one.
    public var localCertificate: Certificate? { information.localCertificate }

    /// The verified other side, or nil.
    public var peerIdentity: PeerIdentity? { information.peerIdentity }
}

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
