internal import CGnuTLS

/// Owns a `gnutls_x509_crt_t`.
final class CertificateHandle {
    private(set) var pointer: gnutls_x509_crt_t?
    let der: [UInt8]

    init(der: [UInt8]) throws(GnuTLSError) {
        self.der = der
        try GnuTLSError.check(gnutls_x509_crt_init(&pointer), "making a certificate")
        let result = der.withDatum { gnutls_x509_crt_import(pointer, &$0, GNUTLS_X509_FMT_DER) }
        try GnuTLSError.check(result, "reading a certificate of \(der.count) bytes, expected DER")
    }

    deinit {
        if let pointer { gnutls_x509_crt_deinit(pointer) }
    }
}
