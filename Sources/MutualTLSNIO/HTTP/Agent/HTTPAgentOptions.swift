public import MutualTLS
public import NIOCore

/// How an ``HTTPAgent`` keeps connections, and what a server may cost.
public struct HTTPAgentOptions: Sendable, Hashable {
    /// How many connections to one origin there may be; further requests wait for one of them.
    public var connectionsPerOrigin = 8
    /// How long a connection is kept for the next request. Keep it below the server's own timeout, so that no request
    /// is sent on a connection that the server is about to close.
    public var idleTimeout = TimeAmount.seconds(4)
    /// How long a request may take, from the moment that it has a connection to the last byte of its response.
    public var requestTimeout = TimeAmount.seconds(60)
    /// How many bytes the body of a response may have.
    public var maximumBodyBytes = 16 << 20
    /// The name that servers are verified by, in place of the origin's host.
    public var serverName: ServerName?
    /// The lowest version that is spoken.
    public var minimumVersion = TLSVersion.tls12
    /// The highest version that is spoken.
    public var maximumVersion = TLSVersion.tls13
    /// Timeouts and limits below HTTP. A confirmation is needless here: a response is one.
    public var dialer = MutualTLSDialerOptions()

    /// The defaults.
    public init() {}
}
