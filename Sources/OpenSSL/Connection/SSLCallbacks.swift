internal import COpenSSL

// Each callback finds its connection in the SSL's slot, forwards, and translates. The SSLConnection owns the SSL and
// runs every call that can end up here, so it is alive for as long as a callback runs.

func connection(of ssl: OpaquePointer?) -> SSLConnection? {
    guard let ssl, let owner = SSL_get_ex_data(ssl, connectionIndex) else { return nil }
    return Unmanaged<SSLConnection>.fromOpaque(owner).takeUnretainedValue()
}

func processClientHello(
    ssl: OpaquePointer?,
    alert: UnsafeMutablePointer<CInt>?,
    context: UnsafeMutableRawPointer?
) -> CInt {
    guard let connection = connection(of: ssl) else { return SSL_CLIENT_HELLO_ERROR }
    guard let code = connection.delegate.connection(connection, process: ClientHello(of: ssl)) else {
        if connection.context.keepsSessions { chooseTickets(of: ssl) }
        return SSL_CLIENT_HELLO_SUCCESS
    }
    alert?.pointee = CInt(code)
    return SSL_CLIENT_HELLO_ERROR
}

/// Has the server_name of a ClientHello acknowledged by an empty extension (RFC 6066 section 3), since it was looked at
/// before: identity and policy have been chosen by it. A handshake that resumes a session must not acknowledge it.
func acknowledgeServerName(
    ssl: OpaquePointer?,
    alert: UnsafeMutablePointer<CInt>?,
    argument: UnsafeMutableRawPointer?
) -> CInt {
    SSL_session_reused(ssl) == 1 ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_OK
}

func chooseProtocol(
    ssl: OpaquePointer?,
    chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    chosenLength: UnsafeMutablePointer<UInt8>?,
    list: UnsafePointer<UInt8>?,
    length: CUnsignedInt,
    argument: UnsafeMutableRawPointer?
) -> CInt {
    guard let connection = connection(of: ssl), let list else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    // libssl has checked that the list is well-formed: each name behind its length.
    var places: [(start: Int, length: Int)] = []
    var index = 0
    while index < Int(length) {
        places.append((index + 1, Int(list[index])))
        index += 1 + Int(list[index])
    }
    let offered = places.map { [UInt8](UnsafeBufferPointer(start: list + $0.start, count: $0.length)) }
    switch connection.delegate.connection(connection, chooseProtocolFrom: offered) {
    case .none: return SSL_TLSEXT_ERR_NOACK
    case .refused: return SSL_TLSEXT_ERR_ALERT_FATAL
    case .chosen(let place):
        chosen?.pointee = list + places[place].start
        chosenLength?.pointee = UInt8(places[place].length)
        return SSL_TLSEXT_ERR_OK
    }
}

func verifyPeer(context: OpaquePointer?, argument: UnsafeMutableRawPointer?) -> CInt {
    guard let context,
        let ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()),
        let connection = connection(of: OpaquePointer(ssl))
    else {
        return 0
    }
    let lent = VerificationContext(borrowing: context)
    if connection.delegate.connection(connection, verify: lent) { return 1 }
    // 1 lets libssl go on, and the connection is refused all the same: see ServerRefusal.
    return connection.holdRefusal(lent.result) ? 1 : 0
}

func provideCertificate(ssl: OpaquePointer?, argument: UnsafeMutableRawPointer?) -> CInt {
    guard let connection = connection(of: ssl) else { return 0 }
    // A server that was refused is shown no certificate, not even in bytes that never leave.
    if connection.hasRefusedServer { return 1 }
    return connection.delegate.connectionWantsCertificate(connection) ? 1 : 0
}

func noticeAlert(ssl: OpaquePointer?, event: CInt, value: CInt) {
    guard event & SSL_CB_ALERT != 0, let connection = connection(of: ssl) else { return }
    let isOutgoing = event & SSL_CB_WRITE != 0
    let instead = isOutgoing ? connection.alertInstead : nil
    let alert = SSLAlert(
        code: instead ?? UInt8(truncatingIfNeeded: value),
        isFatal: UInt8(truncatingIfNeeded: value >> 8) == UInt8(SSL3_AL_FATAL),
        isOutgoing: isOutgoing
    )
    connection.delegate.connection(connection, noticed: alert)
}

func noticeMessage(
    isOutgoing: CInt,
    version: CInt,
    contentType: CInt,
    content: UnsafeRawPointer?,
    length: Int,
    ssl: OpaquePointer?,
    argument: UnsafeMutableRawPointer?
) {
    guard let content, length > 0 else { return }
    let bytes = UnsafeRawBufferPointer(start: content, count: length)
    // Most calls are about the headers of records, and messages that nobody is told of: they end here.
    switch contentType {
    case SSL3_RT_CHANGE_CIPHER_SPEC where isOutgoing == 1:
        connection(of: ssl)?.noticeChangeCipherSpec()
        return
    case SSL3_RT_HANDSHAKE where SSLHandshakeMessage.isTold(bytes[0]): break
    default: return
    }
    guard let connection = connection(of: ssl) else { return }
    connection.notice(message: bytes, isOutgoing: isOutgoing == 1)
    let isRead = bytes[0] == SSLHandshakeMessage.certificate || bytes[0] == SSLHandshakeMessage.certificateRequest
    let message = SSLHandshakeMessage(
        isOutgoing: isOutgoing == 1,
        type: bytes[0],
        bytes: isRead ? [UInt8](bytes) : []
    )
    connection.delegate.connection(connection, noticed: message)
}

func noticeKeyLogLine(ssl: OpaquePointer?, line: UnsafePointer<CChar>?) {
    guard let line, let connection = connection(of: ssl) else { return }
    let text = String(cString: line)
    connection.notice(keyLogLine: text)
    connection.delegate.connection(connection, logged: text)
}
