internal import CGnuTLS

/// The GnuTLS library that this process runs with.
package enum GnuTLSLibrary {
    /// The version at run time, such as `3.7.9`, as `gnutls_check_version` tells it.
    package static var gnuTLSVersion: String {
        gnutls_check_version(nil).map { String(cString: $0) } ?? "unknown"
    }

    /// A new key for ``GnuTLSServerSettings/Sessions``, which several servers may share. It is a secret.
    package static func makeTicketKey() throws(GnuTLSError) -> [UInt8] {
        var key = AllocatedDatum()
        try GnuTLSError.check(gnutls_session_ticket_key_generate(&key.datum), "making a ticket key")
        return key.bytes
    }

    /// The symbolic name of a result, such as `GNUTLS_E_FATAL_ALERT_RECEIVED`.
    static func name(of code: Int32) -> String {
        gnutls_strerror_name(code).map { String(cString: $0) } ?? "GNUTLS_E_\(code)"
    }

    /// GnuTLS's own sentence for a result.
    static func message(of code: Int32) -> String {
        gnutls_strerror(code).map { String(cString: $0) } ?? "unknown result \(code)"
    }
}
