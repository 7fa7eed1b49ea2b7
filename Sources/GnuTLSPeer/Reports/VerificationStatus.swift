internal import CGnuTLS

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
