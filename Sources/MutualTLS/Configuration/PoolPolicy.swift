/// When pools, mode and server name are taken from a ``CertAuthManager``.
public enum PoolPolicy: String, Sendable, Hashable, CaseIterable {
    /// Once, when the server or client is made, as the Ergo framework documents it.
    case fixedAtStart
    /// For every handshake: by a server when it processes the ClientHello, by a client when it starts.
    case live
}
