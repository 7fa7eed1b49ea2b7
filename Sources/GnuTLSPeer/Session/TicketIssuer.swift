internal import CGnuTLS

/// The keys and the lifetime with which a server issues and takes tickets.
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

extension GnuTLSSession {
    /// Client, before the ClientHello: takes up the session that the client keeps.
    func offerSession(of client: GnuTLSClient) throws(GnuTLSError) {
        guard let session = client.keptSession else { return }
        let result = session.withUnsafeBytes { gnutls_session_set_data(pointer, $0.baseAddress, $0.count) }
        try GnuTLSError.check(result, "taking up a session of \(session.count) bytes")
    }

    /// Client: hands over the session if a ticket came since the last call.
    ///
    /// In TLS 1.2 that is during the handshake, in TLS 1.3 after it. Without a ticket `gnutls_session_get_data2` would
    /// pack what no server can resume, and would wait for one if the session were not non-blocking.
    func keepSession() {
        guard case .client(let client) = origin, observed.hasNewTicket else { return }
        observed.hasNewTicket = false
        guard client.settings.keepsSessions else { return }
        var data = AllocatedDatum()
        guard gnutls_session_get_data2(pointer, &data.datum) == GNUTLS_E_SUCCESS else { return }
        client.keep(data.bytes, from: clientGeneration)
    }
}
