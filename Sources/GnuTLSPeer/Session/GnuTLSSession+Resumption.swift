internal import CGnuTLS

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
