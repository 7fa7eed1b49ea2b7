public import NIOCore

/// How a ``MutualTLSAcceptor`` listens.
public struct MutualTLSAcceptorOptions: Sendable, Hashable {
    /// What each peer may cost.
    public var limits = MutualTLSLimits.server
    /// How many handshakes may be under way. While there are as many, further connections wait in the system's
    /// backlog, and cost this process nothing; each handshake ends within its timeout.
    public var maximumHandshakes = 1024
    /// How many connections the system keeps waiting.
    public var backlog: Int32 = 1024
    /// How long no application data may have moved for a connection to count as idle in a shutdown.
    public var quietPeriod = TimeAmount.milliseconds(500)

    /// The defaults.
    public init() {}
}
