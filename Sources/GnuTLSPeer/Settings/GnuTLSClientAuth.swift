internal import CGnuTLS

/// A server's policy for client certificates, under Go's names.
package enum GnuTLSClientAuth: String, Sendable, CaseIterable {
    /// `GNUTLS_CERT_IGNORE`: no CertificateRequest.
    case noClientCert = "NoClientCert"
    /// `GNUTLS_CERT_REQUEST` without a verify function.
    case requestClientCert = "RequestClientCert"
    /// `GNUTLS_CERT_REQUIRE` without a verify function.
    case requireAnyClientCert = "RequireAnyClientCert"
    /// `GNUTLS_CERT_REQUEST` with a verify function that lets no certificate pass.
    case verifyClientCertIfGiven = "VerifyClientCertIfGiven"
    /// `GNUTLS_CERT_REQUIRE` with a verify function.
    case requireAndVerifyClientCert = "RequireAndVerifyClientCert"

    /// Whether a certificate that is presented has to verify.
    var verifies: Bool {
        switch self {
        case .noClientCert, .requestClientCert, .requireAnyClientCert: false
        case .verifyClientCertIfGiven, .requireAndVerifyClientCert: true
        }
    }

    /// What GnuTLS is told to do about the presence of a certificate.
    var request: gnutls_certificate_request_t {
        switch self {
        case .noClientCert: GNUTLS_CERT_IGNORE
        case .requestClientCert, .verifyClientCertIfGiven: GNUTLS_CERT_REQUEST
        case .requireAnyClientCert, .requireAndVerifyClientCert: GNUTLS_CERT_REQUIRE
        }
    }
}
