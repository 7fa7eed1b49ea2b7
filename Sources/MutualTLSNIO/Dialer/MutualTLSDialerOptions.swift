public import NIOCore

/// How a ``MutualTLSDialer`` connects.
public struct MutualTLSDialerOptions: Sendable, Hashable {
    /// When a dialed connection is handed out.
    public enum Confirmation: Sendable, Hashable {
        /// When this side's handshake is finished. In TLS 1.3 the server's refusal may still be to come.
        case none
        /// When the server has shown that it accepted the connection: by the end of the handshake in TLS 1.2 or
        /// where it asked for no certificate, otherwise by what it sends after it, which is application data or a
        /// session ticket. A server that sends neither within the time may well have accepted; the connection is
        /// then handed out unconfirmed.
        case waits(upTo: TimeAmount)
    }

    /// What the peer may cost.
    public var limits = MutualTLSLimits.client
    /// How long the TCP connection may take.
    public var connectTimeout = TimeAmount.seconds(10)
    /// Whether to wait until the server has accepted the client's certificate, so that "connected, then rejected" is
    /// told as a rejection.
    public var confirmation = Confirmation.none

    /// The defaults.
    public init() {}
}
