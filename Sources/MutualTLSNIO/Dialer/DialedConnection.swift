public import MutualTLS
public import NIOCore

/// A connection that a ``MutualTLSDialer`` made.
public struct DialedConnection: Sendable {
    /// The channel, with TLS in its pipeline.
    public let channel: any Channel
    /// What the handshake came to.
    public let information: ConnectionInformation
    /// Whether the server has shown that it accepted the connection; see
    /// ``MutualTLSDialerOptions/Confirmation/waits(upTo:)``.
    public let isConfirmed: Bool
}
