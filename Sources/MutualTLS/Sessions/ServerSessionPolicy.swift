/// Whether a server lets clients resume sessions (RFC 5077, RFC 8446 section 2.2).
///
/// A resumed handshake skips the certificates. So a session is only resumed under the very policy that it was granted
/// under: same mode, client CAs, CA names, revocation lists, identity and server name. Otherwise, and when the ticket
/// or anything that was verified has run out by the settings' clock, the client gets a full handshake.
public struct ServerSessionPolicy: Sendable {
    /// What `.scoped` was made with.
    struct Scoped: Sendable {
        let lifetime: Duration
        let ticketKeys: TicketKeys
    }

    let scoped: Scoped?

    /// No tickets, no session ids, and no session is resumed.
    public static let off = ServerSessionPolicy(scoped: nil)

    /// Tickets, for TLS 1.2 and TLS 1.3; the server itself keeps no session.
    ///
    /// - Parameters:
    ///   - lifetime: how long after its full handshake a session can be resumed, in whole seconds, from one second to
    ///     seven days. Resuming it doesn't prolong it.
    ///   - ticketKeys: what tickets are protected with.
    public static func scoped(
        lifetime: Duration = .seconds(3_600),
        ticketKeys: TicketKeys = .random()
    ) -> ServerSessionPolicy {
        ServerSessionPolicy(scoped: Scoped(lifetime: lifetime, ticketKeys: ticketKeys))
    }
}
