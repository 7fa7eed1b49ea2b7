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
        let capacity: Int
    }

    let scoped: Scoped?

    /// No tickets, no session ids, and no session is resumed.
    public static let off = ServerSessionPolicy(scoped: nil)

    /// Tickets, for TLS 1.2 and TLS 1.3.
    ///
    /// With random ticket keys the server keeps the sessions of TLS 1.3 in memory, and their tickets are names of 32
    /// bytes: resuming one decodes no certificate, and costs half as much. All other tickets hold their session.
    ///
    /// - Parameters:
    ///   - lifetime: how long after its full handshake a session can be resumed, in whole seconds, from one second to
    ///     seven days. Resuming it doesn't prolong it.
    ///   - ticketKeys: what tickets are protected with.
    ///   - capacity: how many sessions are kept at most, from 0 to 1,048,576; the oldest goes first, and its client has a
    ///     full handshake. The certificates of all of them have no more than 4 KiB in DER for each of so many sessions,
    ///     and a session takes about 8 KiB of memory with a chain of two certificates. With 0 none is kept, and the
    ///     tickets hold the sessions.
    public static func scoped(
        lifetime: Duration = .seconds(3_600),
        ticketKeys: TicketKeys = .random(),
        capacity: Int = 4_096
    ) -> ServerSessionPolicy {
        ServerSessionPolicy(scoped: Scoped(lifetime: lifetime, ticketKeys: ticketKeys, capacity: capacity))
    }
}
