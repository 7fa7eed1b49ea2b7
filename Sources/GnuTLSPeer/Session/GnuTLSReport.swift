internal import CGnuTLS

/// The observation of one side of a connection, up to now.
package struct GnuTLSReport: Sendable {
    /// The handshake completed on this side and nothing has failed since. A TLS 1.3 client is true here until it reads
    /// the alert of a server that refused its certificate.
    package var accepted: Bool
    /// The first failure.
    package var failure: GnuTLSFailure?
    /// The alert that this side sent; close_notify is not counted.
    package var alertSent: UInt8?
    /// The fatal alert that this side received; close_notify is not counted.
    package var alertReceived: UInt8?
    /// The leaf (DER) that this side presented on this connection, or nil if it presented none.
    package var localCertificate: [UInt8]?
    /// The peer's certificates (DER) as they were sent, the leaf first. If `resumed`, none was sent on this connection:
    /// these are the ones of the connection that the session was made on, as GnuTLS restores them from it.
    package var peerChain: [[UInt8]]
    /// The verify function ran for a certificate on this connection and accepted it; false where nothing is verified.
    /// GnuTLS does not run it on a resumed connection, and a session does not tell whether it ever ran, so together with
    /// `resumed` this is always false.
    package var peerVerified: Bool
    /// The certificates from the peer's leaf to the trust anchor, both counted; 1 for a leaf that is trusted itself, 0
    /// if nothing was verified. GnuTLS does not hand out the path, so it is walked from the leaf as GnuTLS does: stop at
    /// a trusted certificate or below a trusted issuer, otherwise go on to the issuer among those sent.
    package var verifiedChainLength: Int
    /// The name in the ClientHello's server_name, as it was on the wire (RFC 6066); nil if there was none.
    package var sni: String?
    /// Client: the distinguished names in the CertificateRequest, as raw DER.
    package var caNames: [[UInt8]]
    /// `caNames` as RFC 4514 strings; a name that GnuTLS cannot read is left as its DER in hexadecimal after `#`.
    package var caNameStrings: [String]
    /// Client: whether the server sent a CertificateRequest.
    package var certificateRequested: Bool
    /// "1.2" or "1.3" once the ServerHello was seen.
    package var version: String?
    /// The cipher suite's IANA name once this side's handshake completed; GnuTLS does not tell it before.
    package var cipherSuite: String?
    /// Whether an earlier session was resumed (`gnutls_session_is_resumed`).
    package var resumed: Bool
}

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

/// The result of a verification: bits of `gnutls_certificate_status_t`.
struct VerificationStatus: OptionSet {
    let rawValue: UInt32

    /// One word for each bit that is set, in the order of the table; `GNUTLS_CERT_INVALID` accompanies all others and
    /// is named only if it is alone.
    var reasons: [String] {
        let words = Self.words.filter { rawValue & $0.bit.rawValue != 0 }.map(\.word)
        return words.isEmpty && rawValue != 0 ? ["invalid"] : words
    }

    /// GnuTLS has one bit for name constraints, path length and an issuer's key usage; "name-constraints" is its word here.
    private static var words: [(bit: gnutls_certificate_status_t, word: String)] {
        [
            (GNUTLS_CERT_EXPIRED, "expired"),
            (GNUTLS_CERT_NOT_ACTIVATED, "not-yet-valid"),
            (GNUTLS_CERT_SIGNER_NOT_FOUND, "unknown-ca"),
            (GNUTLS_CERT_SIGNER_NOT_CA, "signer-not-ca"),
            (GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, "name-constraints"),
            (GNUTLS_CERT_SIGNATURE_FAILURE, "signature"),
            (GNUTLS_CERT_INSECURE_ALGORITHM, "insecure-algorithm"),
            (GNUTLS_CERT_REVOKED, "revoked"),
            (GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, "revocation-data-superseded"),
            (GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE, "revocation-data-from-future"),
            (GNUTLS_CERT_INVALID_OCSP_STATUS, "invalid-ocsp-status"),
            (GNUTLS_CERT_MISSING_OCSP_STATUS, "missing-ocsp-status"),
            (GNUTLS_CERT_PURPOSE_MISMATCH, "purpose"),
            (GNUTLS_CERT_UNEXPECTED_OWNER, "name-mismatch"),
            (GNUTLS_CERT_MISMATCH, "certificate-mismatch"),
            (GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, "critical-extension"),
        ]
    }
}
