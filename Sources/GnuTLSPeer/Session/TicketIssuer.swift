internal import CGnuTLS

/// What a server needs to issue and take tickets.
struct TicketIssuer {
    private static let lifetimes = 1...604_800

    private let lifetimeSeconds: Int
    private let key: [UInt8]

    /// Nil if the server has its sessions off.
    init?(_ sessions: GnuTLSServerSettings.Sessions) throws(GnuTLSError) {
        guard case .on(let lifetimeSeconds, let ticketKey) = sessions else { return nil }
        // GnuTLS divides by the lifetime, and takes more than its maximum for its maximum without a word.
        guard Self.lifetimes.contains(lifetimeSeconds) else {
            throw GnuTLSError(
                GNUTLS_E_INVALID_REQUEST,
                "setting a ticket lifetime of \(lifetimeSeconds) s, expected \(Self.lifetimes)"
            )
        }
        self.lifetimeSeconds = lifetimeSeconds
        let key: [UInt8] = if let ticketKey { ticketKey } else { try GnuTLSLibrary.makeTicketKey() }
        guard key.count == 64 else {
            throw GnuTLSError(
                GNUTLS_E_INVALID_REQUEST,
                "setting a ticket key of \(key.count) bytes, expected 64"
            )
        }
        self.key = key
    }

    /// Makes a session issue tickets and take them.
    func enable(on session: gnutls_session_t) throws(GnuTLSError) {
        gnutls_db_set_cache_expiration(session, Int32(lifetimeSeconds))
        try GnuTLSError.check(
            key.withDatum { gnutls_session_ticket_enable_server(session, &$0) },
            "enabling session tickets"
        )
    }
}
