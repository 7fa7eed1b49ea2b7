public import MutualTLS
public import NIOCore

/// An established connection of a ``Node``: a channel of plain bytes with TLS under it.
public struct NodeConnection: Sendable {
    /// Who began it.
    public enum Direction: String, Sendable, Hashable {
        /// The other node.
        case incoming
        /// This node.
        case outgoing
    }

    /// The channel; close it to end the connection.
    public let channel: any Channel
    /// Who began it.
    public let direction: Direction
    /// What the handshake came to. It stays as it was, whatever is rotated later.
    public let information: ConnectionInformation

    /// The certificate that this node really sent on this connection, or nil if it sent none.
    ///
    /// What the manager holds now may be another one: compare to find the connections that still use an old one.
    public var localCertificate: Certificate? { information.localCertificate }

    /// Who the verified other side is, or nil.
    public var peerIdentity: PeerIdentity? { information.peerIdentity }
}
