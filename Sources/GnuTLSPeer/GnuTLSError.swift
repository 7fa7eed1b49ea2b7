internal import CGnuTLS

/// A call into GnuTLS that failed before any handshake: a setting, a certificate or a key was refused.
///
/// Failures on the wire are never thrown: ``GnuTLSReport`` holds them.
package struct GnuTLSError: Error, Equatable, CustomStringConvertible {
    /// The result, a `GNUTLS_E_` constant: negative.
    package let code: Int32
    /// The symbolic name of `code`.
    package let name: String
    /// The attempted action, and its object.
    package let operation: String
    /// GnuTLS's own sentence for `code`.
    package let message: String

    init(_ code: Int32, _ operation: String) {
        self.code = code
        self.name = GnuTLSLibrary.name(of: code)
        self.operation = operation
        self.message = GnuTLSLibrary.message(of: code)
    }

    package var description: String { "\(operation): \(name): \(message)" }

    /// Throws unless the result is zero or a count: GnuTLS's results below zero are errors.
    @discardableResult
    static func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(GnuTLSError) -> Int32 {
        guard code >= 0 else { throw GnuTLSError(code, operation()) }
        return code
    }
}

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
