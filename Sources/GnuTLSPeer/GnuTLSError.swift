internal import CGnuTLS

/// A call into GnuTLS that failed before any handshake: a setting, a certificate or a key was refused.
///
/// What happens on the wire is never thrown: it is found in ``GnuTLSReport``.
package struct GnuTLSError: Error, Equatable, CustomStringConvertible {
    /// The result, a `GNUTLS_E_` constant: negative.
    package let code: Int32
    /// The symbolic name of `code`.
    package let name: String
    /// What was being done, and with which object.
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
