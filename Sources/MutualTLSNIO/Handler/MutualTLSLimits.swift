public import NIOCore

/// What a peer may cost: time and memory that a connection spends on it.
public struct MutualTLSLimits: Sendable, Hashable {
    /// How long a handshake may take, from the connected socket to its end, however slowly bytes come.
    public var handshakeTimeout = TimeAmount.seconds(10)
    /// How many bytes of application data are kept for the end of the handshake. A write beyond that fails with
    /// ``/MutualTLS/MutualTLSError/Code/tooManyPendingWrites``.
    public var pendingWriteBytes = 1 << 20
    /// Whether the connection outlives the peer's close_notify: this side may go on writing until it closes.
    ///
    /// Otherwise a close_notify is answered with one, after what was written before it, and the connection closes.
    public var allowsHalfClosure = false
    /// Whether nothing is read while written bytes wait for the peer to take them.
    ///
    /// It bounds the memory of a server that answers whatever it is asked. If both sides of a connection do so and
    /// both write without reading, they wait for each other for ever: by default only servers do.
    public var pausesReadsWhileUnwritable: Bool
    /// How long the end of a connection may take: after a failure from then on, otherwise once everything written
    /// has left. The peer reads what was sent last, an alert or close_notify, and a reset would take that from it.
    public var lingerTimeout = TimeAmount.seconds(2)
    /// How many bytes of the peer are dropped at the end of a connection before it is cut.
    public var lingerBytes = 256 * 1024

    private init(pausesReadsWhileUnwritable: Bool) {
        self.pausesReadsWhileUnwritable = pausesReadsWhileUnwritable
    }

    /// The defaults of a server.
    public static let server = MutualTLSLimits(pausesReadsWhileUnwritable: true)
    /// The defaults of a client.
    public static let client = MutualTLSLimits(pausesReadsWhileUnwritable: false)
}
