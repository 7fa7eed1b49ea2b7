internal import OpenSSL

/// A server's settings about sessions, found consistent.
struct ServerSessions: Sendable {
    /// In seconds.
    let lifetime: Int64
    let keyring: TicketKeyring
    /// Nil if every ticket holds its session.
    let cache: ServerSessionCache?
    let options: SessionOptions

    /// Nil for a policy that is off.
    init?(_ policy: ServerSessionPolicy, options: SessionOptions) throws(MutualTLSError) {
        guard let scoped = policy.scoped else { return nil }
        lifetime = try sessionLifetime(scoped.lifetime)
        self.options = options
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
