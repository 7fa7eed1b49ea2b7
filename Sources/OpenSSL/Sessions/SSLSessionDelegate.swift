/// The questions and reports of a connection about sessions, if its context keeps them.
///
/// The calls come on the thread that runs the connection, from within OpenSSL's callbacks, as those of
/// ``SSLConnectionDelegate``. Whoever answers nothing issues no ticket, resumes no session and keeps none.
package protocol SSLSessionDelegate: AnyObject {
    /// On a server: the key that new tickets are protected with, or nil to fail the handshake.
    func ticketKey(for connection: SSLConnection) -> SessionTicketKey?

    /// On a server: the key of that name, or nil if it is unknown or too old; the ticket is then passed over.
    func connection(_ connection: SSLConnection, ticketKeyNamed name: [UInt8]) -> SessionTicketKey?

    /// On a server: what goes into a ticket for the session of this handshake, or nil to fail the handshake.
    func connection(_ connection: SSLConnection, grantForTicketOf session: TicketSession) -> TicketGrant?

    /// On a server: keeps a session of TLS 1.3, with its grant, under a name of 32 bytes that becomes its ticket; with
    /// false the ticket holds the session.
    func connection(_ connection: SSLConnection, keeps session: SSLSession, named id: [UInt8]) -> Bool

    /// On a server: the session that is kept under the name, or nil.
    func connection(_ connection: SSLConnection, sessionNamed id: [UInt8]) -> SSLSession?

    /// On a server: whether a ticket that opened, or a session that was found, is good now; otherwise a full handshake
    /// follows.
    func connection(_ connection: SSLConnection, acceptsTicketWith data: [UInt8]) -> Bool

    /// On a client: the server has given a session of TLS 1.3, once the handshake is over.
    func connection(_ connection: SSLConnection, received session: SSLSession)
}

/// Which session a new ticket is for.
package enum TicketSession: Sendable {
    /// The one that this handshake has made.
    case new
    /// The one that this handshake has resumed, with the data of its ticket.
    case resumed(data: [UInt8])
}

extension SSLSessionDelegate {
    package func ticketKey(for connection: SSLConnection) -> SessionTicketKey? { nil }

    package func connection(_ connection: SSLConnection, ticketKeyNamed name: [UInt8]) -> SessionTicketKey? { nil }

    package func connection(
        _ connection: SSLConnection,
        grantForTicketOf session: TicketSession
    ) -> TicketGrant? {
        nil
    }

    package func connection(_ connection: SSLConnection, keeps session: SSLSession, named id: [UInt8]) -> Bool { false }

    package func connection(_ connection: SSLConnection, sessionNamed id: [UInt8]) -> SSLSession? { nil }

    package func connection(_ connection: SSLConnection, acceptsTicketWith data: [UInt8]) -> Bool { false }

    package func connection(_ connection: SSLConnection, received session: SSLSession) {}
}

/// The data that a server puts beside a session into its ticket.
package struct TicketGrant: Sendable {
    /// Bytes of the server's own, which come back protected with the ticket.
    package let data: [UInt8]
    /// For how many seconds the client is told to keep it; at least one is told.
    package let lifetimeHint: Int64
    /// Whether the server would keep the session, if it is one of TLS 1.3.
    package let keepsSession: Bool

    package init(data: [UInt8], lifetimeHint: Int64, keepsSession: Bool) {
        self.data = data
        self.lifetimeHint = lifetimeHint
        self.keepsSession = keepsSession
    }
}
