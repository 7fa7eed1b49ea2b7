/// What a call on a connection came to; waiting and closing are outcomes and not errors.
package enum SSLOutcome: Sendable, Equatable {
    /// The call did what it was asked.
    case completed
    /// It needs more bytes from the peer.
    case needsInput
    /// The peer has sent close_notify (RFC 8446 section 6.1).
    case peerClosed
    /// It failed for good; the error holds what OpenSSL left in its queue.
    case failed(OpenSSLError)
}
