internal import OpenSSL
internal import Synchronization

/// Whether a server lets clients resume sessions (RFC 5077, RFC 8446 section 2.2).
///
/// A resumed handshake skips the certificates. So a session is only resumed under the very policy that it was granted
/// under: same mode, client CAs, CA names, revocation lists, identity and server name. Otherwise, and when the ticket
/// or anything that was verified has run out by the settings' clock, the client gets a full handshake.
public struct ServerSessionPolicy: Sendable {
    /// The arguments of `.scoped`.
    package struct Scoped: Sendable {
        package let lifetime: Duration
        package let ticketKeys: TicketKeys
        package let capacity: Int
    }

    package let scoped: Scoped?

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

/// A server's settings about sessions, found consistent.
struct ServerSessions: Sendable {
    /// In seconds.
    let lifetime: Int64
    let keyring: TicketKeyring
    /// Nil if every ticket holds its session.
    let cache: ServerSessionCache?
    /// The intermediates of tickets that came back.
    let issuers = KnownIssuers()

    /// Nil for a policy that is off.
    init?(_ policy: ServerSessionPolicy) throws(MutualTLSError) {
        guard let scoped = policy.scoped else { return nil }
        lifetime = try sessionLifetime(scoped.lifetime)
        let period = scoped.ticketKeys.period.components.seconds
        guard period >= 1, lifetime / period < TicketKeyring.mostPeriods else {
            throw MutualTLSError(
                .invalidSessionPolicy,
                "Expected ticket keys for at least a second, and at most \(TicketKeyring.mostPeriods) of them in the "
                    + "\(lifetime) seconds of a session's lifetime, found a period of \(scoped.ticketKeys.period). "
                    + "Choose a longer period."
            )
        }
        if case .shared(let secret) = scoped.ticketKeys.source, secret.count < 32 {
            throw MutualTLSError(
                .invalidSessionPolicy,
                "Expected a secret of at least 32 bytes for shared ticket keys, found \(secret.count). "
                    + "Make one with `openssl rand 32`."
            )
        }
        guard (0...1_048_576).contains(scoped.capacity) else {
            throw MutualTLSError(
                .invalidSessionPolicy,
                "Expected room for 0 to 1048576 sessions of a server, found \(scoped.capacity)."
            )
        }
        cache =
            scoped.ticketKeys.isShared || scoped.capacity == 0
            ? nil : ServerSessionCache(capacity: scoped.capacity, lifetime: lifetime)
        keyring = TicketKeyring(scoped.ticketKeys, period: period, lifetime: lifetime)
    }
}

/// Intermediates by their DER encoding, which tickets hold: libcrypto takes as long to decode one as for all the rest of a
/// resumed handshake.
///
/// They are those of chains that were verified once, since a ticket's MAC vouches for what it holds. A session is bound to
/// pool and lists by its scope, and nothing is trusted for being here.
final class KnownIssuers: Sendable {
    private static let most = 256
    private let certificates = Mutex<[[UInt8]: Certificate]>([:])

    /// The certificate, or nil for bytes that are none.
    func certificate(der: [UInt8]) -> Certificate? {
        if let known = certificates.withLock({ $0[der] }) { return known }
        guard let decoded = try? Certificate(der: der) else { return nil }
        certificates.withLock { certificates in
            // Few servers ever see as many; those that do decode them anew now and then.
            if certificates.count >= Self.most { certificates.removeAll() }
            certificates[der] = decoded
        }
        return decoded
    }

    /// How many are known.
    var count: Int { certificates.withLock { $0.count } }
}

/// The lifetime in seconds. RFC 8446 section 4.6.1: no ticket is used after seven days.
func sessionLifetime(_ lifetime: Duration) throws(MutualTLSError) -> Int64 {
    let seconds = lifetime.components.seconds
    guard (1...604_800).contains(seconds) else {
        throw MutualTLSError(
            .invalidSessionPolicy,
            "Expected a session lifetime of one second to seven days (RFC 8446 section 4.6.1), found \(lifetime)."
        )
    }
    return seconds
}
