/// Something that happened on a connection, in the order of its happening.
public enum ConnectionEvent: Sendable, Hashable {
    /// A server has processed the ClientHello: identity and policy of this handshake are fixed now.
    case clientHelloProcessed
    /// The handshake is finished; see ``ConnectionState/established`` for what that means to a TLS 1.3 client.
    case established
    /// Application data waits to be taken.
    case applicationData
    /// An alert was put into the output. close_notify isn't told here.
    case alertSent(Alert)
    /// An alert came in. close_notify isn't told here.
    case alertReceived(Alert)
    /// The peer has sent close_notify: no more application data will come.
    case peerClosed
    /// The connection failed; ``Connection/failure`` says why.
    case failed
}
