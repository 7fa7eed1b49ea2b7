internal import COpenSSL
internal import Synchronization

extension SSLConnection {
    /// Sets the context that sessions of this connection belong to, at most 32 bytes.
    ///
    /// A server passes a session of another context over; a client fails a handshake that resumes one.
    package func setSessionContext(_ context: [UInt8]) throws(OpenSSLError) {
        try check("SSL_set_session_id_context") {
            SSL_set_session_id_context(pointer, context, UInt32(context.count))
        }
    }

    /// Offers a session to the server, which may have a full handshake all the same.
    ///
    /// - Parameter age: how many seconds ago it came in, by the clock that the caller goes by. libssl derives the
    ///   ticket's obfuscated age from it (RFC 8446 section 4.2.11.1).
    package func offer(_ session: SSLSession, age: Int64) throws(OpenSSLError) {
        // SSL_set_session takes a reference of its own.
        try session.withCopy(ofAge: age) { copy throws(OpenSSLError) -> Void in
            try check("SSL_set_session") { SSL_set_session(pointer, copy) }
        }
    }

    /// The session of a finished handshake of TLS 1.2, if a client can resume it.
    package var resumableSession: SSLSession? { SSLSession(copying: SSL_get_session(pointer)) }

    /// On a server that resumed: what it had put into the ticket.
    package var resumedTicketData: [UInt8] {
        guard didResume, let session = SSL_get_session(pointer) else { return [] }
        return ticketData(of: session)
    }

    /// How many bytes the certificates of this connection's session have in DER, on a server: a session that is kept
    /// takes a small multiple of it in memory.
    package var sessionCertificatesLength: Int {
        var length = 0
        if let leaf = SSL_get0_peer_certificate(pointer) { length += Int(max(0, i2d_X509(leaf, nil))) }
        // On a server the chain is without the leaf.
        guard let chain = SSL_get_peer_cert_chain(pointer) else { return length }
        for index in 0..<COpenSSL_sk_X509_num(chain) {
            length += Int(max(0, i2d_X509(COpenSSL_sk_X509_value(chain, index), nil)))
        }
        return length
    }

    /// The context that the session of this connection was made in.
    package var sessionContext: [UInt8] {
        guard let session = SSL_get_session(pointer) else { return [] }
        var length: UInt32 = 0
        guard let bytes = SSL_SESSION_get0_id_context(session, &length) else { return [] }
        return [UInt8](UnsafeBufferPointer(start: bytes, count: Int(length)))
    }
}

/// Session contexts of which no two are the same: a number behind random bytes of this process.
enum UniqueSessionContext {
    private static let number = Atomic<UInt64>(0)

    /// Drawn once: random bytes for each connection cost more than the rest of its setting up.
    private static let ofProcess: [UInt8]? = {
        var bytes = [UInt8](repeating: 0, count: Int(SSL_MAX_SID_CTX_LENGTH) - MemoryLayout<UInt64>.size)
        return RAND_bytes(&bytes, CInt(bytes.count)) == 1 ? bytes : nil
    }()

    /// The next one: SSL_MAX_SID_CTX_LENGTH bytes.
    static func next() throws(OpenSSLError) -> [UInt8] {
        guard let ofProcess else { throw ErrorQueue.drain(call: "RAND_bytes") }
        let count = number.add(1, ordering: .relaxed).newValue
        return withUnsafeBytes(of: count) { ofProcess + $0 }
    }
}

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
