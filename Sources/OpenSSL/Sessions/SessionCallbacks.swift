internal import COpenSSL

// As in SSLCallbacks: each finds its connection, which is alive as long as a call of it runs, forwards and translates.

/// Sets up the protection of a ticket: a new one, or one that came back.
///
/// The manual of SSL_CTX_set_tlsext_ticket_key_evp_cb: 1 goes on, 2 goes on and renews the ticket, 0 passes the ticket
/// over, and a negative value ends the handshake.
func protectTicket(
    ssl: OpaquePointer?,
    name: UnsafeMutablePointer<UInt8>?,
    iv: UnsafeMutablePointer<UInt8>?,
    cipher: OpaquePointer?,
    mac: OpaquePointer?,
    isNew: CInt
) -> CInt {
    guard let connection = connection(of: ssl), let name, let iv else { return -1 }
    guard isNew == 1 else {
        let wanted = [UInt8](UnsafeBufferPointer(start: name, count: SessionTicketKey.nameLength))
        guard let key = connection.delegate.connection(connection, ticketKeyNamed: wanted) else { return 0 }
        guard key.open(iv: iv, cipher, mac) else { return -1 }
        return key === connection.delegate.ticketKey(for: connection) ? 1 : 2
    }
    guard let key = connection.delegate.ticketKey(for: connection),
        // A CBC initialisation vector is the size of an AES block, and must not be predictable.
        RAND_bytes(iv, 16) == 1, key.seal(iv: iv, cipher, mac)
    else {
        return -1
    }
    for (index, byte) in key.name.enumerated() {
        name[index] = byte
    }
    return 1
}

/// Puts the server's own data into a session before it is sealed; 0 ends the handshake.
func grantTicket(ssl: OpaquePointer?, argument: UnsafeMutableRawPointer?) -> CInt {
    guard let connection = connection(of: ssl), let session = SSL_get_session(ssl) else { return 0 }
    let kind: TicketSession = connection.didResume ? .resumed(data: ticketData(of: session)) : .new
    guard let grant = connection.delegate.connection(connection, grantForTicketOf: kind) else { return 0 }
    // libssl sends the session's timeout as the lifetime hint. A timeout of 0 is left out of the encoded session and
    // read back as 3, and libssl ends the handshake because of the difference.
    SSL_SESSION_set_timeout(session, Int(max(1, grant.lifetimeHint)))
    guard SSL_SESSION_set1_ticket_appdata(session, grant.data, grant.data.count) == 1 else { return 0 }
    if connection.versionNumber == TLS1_3_VERSION {
        useTicketsAsNames(grant.keepsSession && isKept(session, by: connection), on: ssl)
    }
    return 1
}

/// Whether the delegate keeps the session, so that its ticket need be no more than its name.
private func isKept(_ session: OpaquePointer, by connection: SSLConnection) -> Bool {
    let id = sessionID(of: session)
    // A copy: libssl writes to the connection's own.
    guard id.count == keptSessionIDLength, let copy = SSLSession(copying: session) else { return false }
    return connection.delegate.connection(connection, keeps: copy, named: id)
}

/// Chooses what the tickets of the ClientHello are taken for, by the length of the first: libssl's name of a session has
/// 32 bytes, and a ticket that holds one, with key name, initialisation vector and MAC alone, 64 and more.
func chooseTickets(of ssl: OpaquePointer?) {
    var bytes: UnsafePointer<UInt8>?
    var length = 0
    // OfferedPsks starts with the length of the identities, then that of the first (RFC 8446 section 4.2.11). Only a
    // client of TLS 1.3 has it; in TLS 1.2 the option would switch tickets off.
    guard SSL_client_hello_get0_ext(ssl, UInt32(TLSEXT_TYPE_psk), &bytes, &length) == 1, let bytes, length >= 4 else {
        return
    }
    useTicketsAsNames(Int(bytes[2]) << 8 | Int(bytes[3]) == keptSessionIDLength, on: ssl)
}

/// SSL_OP_NO_TICKET doesn't switch tickets off in TLS 1.3, but makes them names of sessions that are kept.
private func useTicketsAsNames(_ areNames: Bool, on ssl: OpaquePointer?) {
    if areNames {
        _ = COpenSSL_SSL_set_options(ssl, COpenSSL_SSL_OP_NO_TICKET())
    } else {
        _ = COpenSSL_SSL_clear_options(ssl, COpenSSL_SSL_OP_NO_TICKET())
    }
}

/// Finds the session that a ticket names, if it is good now; null is followed by a full handshake.
func findSession(
    ssl: OpaquePointer?,
    id: UnsafePointer<UInt8>?,
    length: CInt,
    keepsReference: UnsafeMutablePointer<CInt>?
) -> OpaquePointer? {
    // 0 leaves the reference of what is returned to libssl.
    keepsReference?.pointee = 0
    guard let connection = connection(of: ssl), connection.versionNumber == TLS1_3_VERSION, let id,
        let kept = connection.delegate.connection(
            connection,
            sessionNamed: [UInt8](UnsafeBufferPointer(start: id, count: Int(length)))
        ),
        connection.delegate.connection(connection, acceptsTicketWith: kept.ticketData)
    else {
        return nil
    }
    return kept.copyForServer()
}

/// Decides about a ticket that came back, opened or not.
func judgeTicket(
    ssl: OpaquePointer?,
    session: OpaquePointer?,
    name: UnsafePointer<UInt8>?,
    nameLength: Int,
    status: SSL_TICKET_STATUS,
    argument: UnsafeMutableRawPointer?
) -> SSL_TICKET_RETURN {
    guard status == SSL_TICKET_SUCCESS || status == SSL_TICKET_SUCCESS_RENEW,
        let session, let connection = connection(of: ssl),
        // A ticket of TLS 1.2 is no PSK, and one of TLS 1.3 no session of TLS 1.2 (RFC 8446 section 4.6.1).
        SSL_SESSION_get_protocol_version(session) == SSL_version(ssl),
        connection.delegate.connection(connection, acceptsTicketWith: ticketData(of: session))
    else {
        return SSL_TICKET_RETURN_IGNORE_RENEW
    }
    makeYoung(session)
    // A TLS 1.3 client uses each ticket once, and needs another one (RFC 8446 appendix C.4).
    let renews = status == SSL_TICKET_SUCCESS_RENEW || SSL_version(ssl) == TLS1_3_VERSION
    return renews ? SSL_TICKET_RETURN_USE_RENEW : SSL_TICKET_RETURN_USE
}

/// Hands a client's new session over. libssl keeps its reference, as 0 says.
func noticeSession(ssl: OpaquePointer?, session: OpaquePointer?) -> CInt {
    guard let connection = connection(of: ssl), connection.versionNumber == TLS1_3_VERSION,
        let copy = SSLSession(copying: session)
    else {
        return 0
    }
    connection.delegate.connection(connection, received: copy)
    return 0
}

/// The data that a server has put into the session's ticket, or nothing.
func ticketData(of session: OpaquePointer) -> [UInt8] {
    var data: UnsafeMutableRawPointer?
    var length = 0
    guard SSL_SESSION_get0_ticket_appdata(session, &data, &length) == 1, let data else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: data, count: length))
}

/// libssl compares a session's age with the system's clock next; the delegate has judged it by its own.
func makeYoung(_ session: OpaquePointer) {
    SSL_SESSION_set_time(session, time(nil))
    SSL_SESSION_set_timeout(session, oneWeek)
}

private func sessionID(of session: OpaquePointer) -> [UInt8] {
    var length: UInt32 = 0
    guard let bytes = SSL_SESSION_get_id(session, &length) else { return [] }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: Int(length)))
}

private let oneWeek = 7 * 86_400
private let keptSessionIDLength = Int(SSL_MAX_SSL_SESSION_ID_LENGTH)
