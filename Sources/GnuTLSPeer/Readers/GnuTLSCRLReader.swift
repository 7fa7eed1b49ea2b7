internal import CGnuTLS

/// A CRL's fields as GnuTLS reads them.
package struct GnuTLSCRLReader: Sendable {
    /// The CRL that was read.
    package let der: [UInt8]
    /// The issuer as an RFC 4514 string.
    package let issuer: String
    /// In seconds since 1970, UTC.
    package let thisUpdate: Int
    /// In seconds since 1970, UTC; nil for none.
    package let nextUpdate: Int?
    /// The revoked serial numbers, big-endian as they are encoded, in their order.
    package let revokedSerials: [[UInt8]]

    /// Reads a CRL in DER, or throws what GnuTLS says about it.
    package init(_ der: [UInt8]) throws(GnuTLSError) {
        let crl = try CRLHandle(der: der)
        self.der = der
        var name = AllocatedDatum()
        try GnuTLSError.check(gnutls_x509_crl_get_issuer_dn3(crl.pointer, &name.datum, 0), "reading a CRL's issuer")
        issuer = name.string
        thisUpdate = gnutls_x509_crl_get_this_update(crl.pointer)
        let next = gnutls_x509_crl_get_next_update(crl.pointer)
        nextUpdate = next < 0 ? nil : next
        let count = try GnuTLSError.check(gnutls_x509_crl_get_crt_count(crl.pointer), "counting a CRL's entries")
        var serials: [[UInt8]] = []
        for index in 0..<count {
            var bytes = [UInt8](repeating: 0, count: 256)
            var size = bytes.count
            var time = 0
            let result = gnutls_x509_crl_get_crt_serial(crl.pointer, UInt32(index), &bytes, &size, &time)
            try GnuTLSError.check(result, "reading entry \(index + 1) of a CRL's \(count)")
            serials.append(Array(bytes.prefix(size)))
        }
        revokedSerials = serials
    }

    /// Whether the issuer's name is this one's and its key made this signature; dates and key usage are not looked at.
    package func isIssued(by issuer: GnuTLSCertificateReader) throws(GnuTLSError) -> Bool {
        let crl = try CRLHandle(der: der)
        let issuer = try CertificateHandle(der: issuer.der)
        guard gnutls_x509_crl_check_issuer(crl.pointer, issuer.pointer) == 1 else { return false }
        var anchors = [issuer.pointer]
        var status: UInt32 = 0
        let result = gnutls_x509_crl_verify(crl.pointer, &anchors, 1, CertificateHandle.signatureOnly, &status)
        try GnuTLSError.check(result, "verifying a CRL's signature")
        return status & CertificateHandle.signatureFailures == 0
    }
}

/// Owns a `gnutls_x509_crl_t`.
private final class CRLHandle {
    private(set) var pointer: gnutls_x509_crl_t?

    init(der: [UInt8]) throws(GnuTLSError) {
        try GnuTLSError.check(gnutls_x509_crl_init(&pointer), "making a CRL")
        let result = der.withDatum { gnutls_x509_crl_import(pointer, &$0, GNUTLS_X509_FMT_DER) }
        try GnuTLSError.check(result, "reading a CRL of \(der.count) bytes, expected DER")
    }

    deinit {
        if let pointer { gnutls_x509_crl_deinit(pointer) }
    }
}
