public import MutualTLS

/// What a ``MutualTLSHandler`` tells the handlers behind it, as user inbound events.
public enum MutualTLSEvent: Sendable {
    /// The handshake is finished; see ``/MutualTLS/ConnectionState/established`` for what that means to a TLS 1.3
    /// client. Told once.
    case handshakeCompleted(ConnectionInformation)
    /// On a client: the server has accepted the connection, which a TLS 1.3 client learns only from what the server
    /// sends after the handshake. Told once, and never by a server that waits for the client to speak and issues no
    /// session tickets.
    case confirmed(ConnectionInformation)
    /// The connection failed, with what was known about it. Told once; the failure follows as an error, once too.
    case failed(ConnectionFailure, ConnectionInformation)
    /// The peer has sent close_notify, and will send nothing more.
    case peerClosed
    /// The acceptor shuts down. The connection is closed once it is quiet; a handler that knows better when its
    /// work is done can close it earlier.
    case shutdownRequested
}
