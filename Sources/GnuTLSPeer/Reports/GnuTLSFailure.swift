/// Why a connection failed, in GnuTLS's terms.
package struct GnuTLSFailure: Sendable, Equatable {
    /// When a failure was noticed.
    package enum Phase: String, Sendable {
        /// Before this side completed its handshake.
        case handshake
        /// After that: on reading, writing or the end of input.
        case read
    }

    /// The result, a `GNUTLS_E_` constant. While a TLS 1.2 server waits for a required certificate, GnuTLS reports any
    /// alert as `GNUTLS_E_NO_CERTIFICATE_FOUND`; here it is `GNUTLS_E_FATAL_ALERT_RECEIVED`, which is what happened.
    package let code: Int32
    /// The symbolic name of `code`.
    package let name: String
    /// GnuTLS's own sentence for `code`.
    package let message: String
    /// When it was noticed.
    package let during: Phase
    /// The bits of `gnutls_certificate_status_t` if verification refused the peer's certificate, otherwise 0.
    package let verificationStatus: UInt32

    /// The bits in words, such as `expired`, `unknown-ca` or `purpose`; empty if verification refused nothing.
    package var verificationReasons: [String] { VerificationStatus(rawValue: verificationStatus).reasons }

    init(code: Int32, during: Phase, verificationStatus: UInt32) {
        self.code = code
        self.name = GnuTLSLibrary.name(of: code)
        self.message = GnuTLSLibrary.message(of: code)
        self.during = during
        self.verificationStatus = verificationStatus
    }
}
