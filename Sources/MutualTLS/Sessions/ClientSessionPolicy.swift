/// Whether a client offers sessions of earlier connections to its server (RFC 5077, RFC 8446 section 2.2).
///
/// A session is offered only if nothing has changed since its full handshake: server name and SNI, identity, root CAs,
/// revocation lists and options. A change, for example by ``CertManager/update(_:)``, drops the sessions from before.
public struct ClientSessionPolicy: Sendable {
    /// What `.scoped` was made with.
    struct Scoped: Sendable {
        let lifetime: Duration
        let capacity: Int
    }

    let scoped: Scoped?

    /// Every connection has a full handshake.
    public static let off = ClientSessionPolicy(scoped: nil)

    /// Sessions are kept in memory by the client that was resolved from the settings.
    ///
    /// - Parameters:
    ///   - lifetime: how long after its full handshake a session is offered, in whole seconds, from one second to
    ///     seven days (RFC 8446 section 4.6.1); the server's own hint may shorten it.
    ///   - capacity: how many sessions are kept at most, from 1 to 1024. The oldest goes first.
    public static func scoped(lifetime: Duration = .seconds(3_600), capacity: Int = 32) -> ClientSessionPolicy {
        ClientSessionPolicy(scoped: Scoped(lifetime: lifetime, capacity: capacity))
    }
}
