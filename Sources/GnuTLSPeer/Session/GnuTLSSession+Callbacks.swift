internal import CGnuTLS

extension GnuTLSSession {
    /// The facts that the messages of the handshake showed.
    struct Observed {
        var serverHello = false
        var serverName: String?
        var certificateRequested = false
        var caNames: [[UInt8]] = []
        /// Client: a NewSessionTicket came that ``GnuTLSSession/keepSession()`` has not seen.
        var hasNewTicket = false
    }

    /// Server, once the ClientHello is parsed: takes what is set now, with the identity for the name in it.
    ///
    /// GnuTLS looks at the request mode and at the verify function later only, for the CertificateRequest and for the
    /// Certificate, so both may be set here.
    fileprivate func chooseSnapshot() -> Int32 {
        // A second ClientHello (after a HelloRetryRequest) does not choose again.
        guard case .server(let server) = origin, !hasChosen else { return GNUTLS_E_SUCCESS }
        hasChosen = true
        let generation = server.generation
        guard let chosen = generation.snapshot(forName: observed.serverName) else { return GNUTLS_E_UNRECOGNIZED_NAME }
        let policy = generation.policy(forName: observed.serverName)
        gnutls_certificate_server_set_request(pointer, policy.request)
        gnutls_session_set_verify_function(pointer, policy.verifies ? verifyPeer : nil)
        do throws(GnuTLSError) {
            try take(chosen)
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
        case GNUTLS_HANDSHAKE_NEW_SESSION_TICKET.rawValue:
            // On a server this is its own one.
            if case .client = origin { observed.hasNewTicket = true }
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

extension GnuTLSSession {
    /// Sets the name for the ClientHello; a second call replaces the first one's.
    static func setServerName(_ name: String, on session: gnutls_session_t) throws(GnuTLSError) {
        let result = gnutls_server_name_set(session, GNUTLS_NAME_DNS, name, name.utf8.count)
        try GnuTLSError.check(result, "setting the SNI \"\(name)\"")
    }

    /// Throws if GnuTLS would refuse to send this name.
    static func checkServerName(_ name: String) throws(GnuTLSError) {
        var session: gnutls_session_t?
        try GnuTLSError.check(gnutls_init(&session, GNUTLS_CLIENT.rawValue), "making a session")
        guard let session else { return }
        defer { gnutls_deinit(session) }
        try setServerName(name, on: session)
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

let chooseSnapshot: gnutls_handshake_simple_hook_func = { pointer in
    session(pointer)?.chooseSnapshot() ?? GNUTLS_E_INTERNAL_ERROR
}

let observeMessage: gnutls_handshake_hook_func = { pointer, type, _, _, message in
    if let message { session(pointer)?.observe(type, message.pointee) }
    return GNUTLS_E_SUCCESS
}

let logKey: gnutls_keylog_func = { pointer, label, secret in
    if let label, let secret { session(pointer)?.log(String(cString: label), secret.pointee) }
    return GNUTLS_E_SUCCESS
}
