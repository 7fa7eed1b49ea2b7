/// Where a connection stands.
public enum ConnectionState: String, Sendable, Hashable, CaseIterable, Codable {
    /// No application data flows yet.
    case handshaking
    /// The handshake is finished and kept what the settings promise.
    ///
    /// A TLS 1.3 client gets here before the server has judged its certificate: a refusal then comes with the first
    /// read. Only bytes from the server, or its close_notify, say that it was accepted.
    case established
    /// One side has sent close_notify. If it was the peer, this side may still send.
    case closed
    /// It ended with a ``ConnectionFailure``.
    case failed
}
