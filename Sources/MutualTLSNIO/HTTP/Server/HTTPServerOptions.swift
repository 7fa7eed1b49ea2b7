public import MutualTLS
public import NIOCore

/// How an ``HTTPServer`` serves, and what its clients may cost.
public struct HTTPServerOptions: Sendable {
    /// Who is served at all; others get 403 (Forbidden). Nil serves whoever the handshake let in, the anonymous and
    /// the unverified included where the mode lets them in: look at ``HTTPServer/Request/peer`` then.
    public var authorization: AuthorizationRules?
    /// Handshakes, backlog and what a connection may cost below HTTP.
    public var acceptor = MutualTLSAcceptorOptions()
    /// How many bytes the body of a request may have; a longer one gets 413 (Content Too Large), and the connection
    /// ends.
    public var maximumBodyBytes = 1 << 20
    /// How long it may take from the handshake, or from a response, to the last byte of the next request's head. A
    /// head that trickles in gets no more time by that.
    public var idleTimeout = TimeAmount.seconds(30)
    /// How long it may take from a request's head to the end of its body; later than that it gets 408 (Request
    /// Timeout), and the connection ends.
    public var bodyTimeout = TimeAmount.seconds(30)

    /// The defaults.
    public init() {}
}
