internal import CGnuTLS

extension GnuTLSSession {
    /// What the messages of the handshake showed.
    struct Observed {
        var serverHello = false
        var serverName: String?
        var certificateRequested = false
        var caNames: [[UInt8]] = []
    }

    /// Server, once the ClientHello is parsed: takes the identity for the name in it.
    fileprivate func chooseCredentials() -> Int32 {
        // A second ClientHello (after a HelloRetryRequest) does not choose again.
        guard case .server(let server) = origin, !hasChosenCredentials else { return GNUTLS_E_SUCCESS }
        hasChosenCredentials = true
        guard let chosen = server.credentials(forName: observed.serverName) else { return GNUTLS_E_UNRECOGNIZED_NAME }
        do throws(GnuTLSError) {
            try use(chosen)
            return GNUTLS_E_SUCCESS
        } catch {
            return error.code
        }
    }

    fileprivate func observe(_ type: UInt32, _ body: gnutls_datum_t) {
        switch type {
        case GNUTLS_HANDSHAKE_CLIENT_HELLO.rawValue:
            observed.serverName = HandshakeMessages.serverName(inClientHello: body.bytes)
        case GNUTLS_HANDSHAKE_SERVER_HELLO.rawValue:
            observed.serverHello = true
        case GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST.rawValue:
            guard case .client = origin else { return }
            observed.certificateRequested = true
            let isTLS13 = gnutls_protocol_get_version(pointer) == GNUTLS_TLS1_3
            let names = HandshakeMessages.certificateAuthorities(inCertificateRequest: body.bytes, isTLS13: isTLS13)
            observed.caNames = names ?? []
        default:
            return
        }
    }

    fileprivate func log(_ label: String, _ secret: gnutls_datum_t) {
        var client = gnutls_datum_t()
        var server = gnutls_datum_t()
        gnutls_session_get_random(pointer, &client, &server)
        keyLogLines.append("\(label) \(client.bytes.hexadecimal) \(secret.bytes.hexadecimal)")
    }
}

extension [UInt8] {
    /// Two lower-case digits for each byte.
    var hexadecimal: String {
        reduce(into: "") { text, byte in
            let digits = String(byte, radix: 16)
            text += digits.utf8.count == 1 ? "0" + digits : digits
        }
    }
}

// The session's user pointer is its GnuTLSSession, which owns the C session and made the call that runs the callback.

private func session(_ pointer: gnutls_session_t?) -> GnuTLSSession? {
    gnutls_session_get_ptr(pointer).map { Unmanaged<GnuTLSSession>.fromOpaque($0).takeUnretainedValue() }
}

let verifyPeer: @convention(c) (gnutls_session_t?) -> Int32 = { pointer in
    session(pointer)?.verifyPeerCertificate() ?? GNUTLS_E_INTERNAL_ERROR
}

let chooseCredentials: gnutls_handshake_simple_hook_func = { pointer in
    session(pointer)?.chooseCredentials() ?? GNUTLS_E_INTERNAL_ERROR
}

let observeMessage: gnutls_handshake_hook_func = { pointer, type, _, _, message in
    if let message { session(pointer)?.observe(type, message.pointee) }
    return GNUTLS_E_SUCCESS
}

let logKey: gnutls_keylog_func = { pointer, label, secret in
    if let label, let secret { session(pointer)?.log(String(cString: label), secret.pointee) }
    return GNUTLS_E_SUCCESS
}
