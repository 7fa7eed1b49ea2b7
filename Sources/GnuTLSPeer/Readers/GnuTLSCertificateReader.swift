internal import CGnuTLS

/// A certificate's fields as GnuTLS reads them: a second opinion on certificates that something else has minted.
package struct GnuTLSCertificateReader: Sendable {
    /// An extension's OID and its critical bit.
    package struct Extension: Sendable, Equatable {
        /// In dotted form.
        package let oid: String
        /// The critical bit (RFC 5280 section 4.2).
        package let isCritical: Bool

        /// Makes an expectation.
        package init(oid: String, isCritical: Bool) {
            self.oid = oid
            self.isCritical = isCritical
        }
    }

    /// The certificate that was read.
    package let der: [UInt8]
    /// 1 or 3.
    package let version: Int
    /// The serial number's bytes, big-endian, as they are encoded (a leading zero included).
    package let serial: [UInt8]
    /// The subject as an RFC 4514 string: the last name of the DER comes first.
    package let subject: String
    /// The issuer as an RFC 4514 string.
    package let issuer: String
    /// In seconds since 1970, UTC.
    package let notBefore: Int
    /// In seconds since 1970, UTC; -1 for a date that GnuTLS takes as none.
    package let notAfter: Int
    /// GnuTLS's name, such as `RSA`, `RSA-PSS`, `EC/ECDSA` or `EdDSA (Ed25519)`.
    package let publicKeyAlgorithm: String
    /// The key's size: of the modulus, or of the curve.
    package let publicKeyBits: Int
    /// GnuTLS's name, such as `SECP256R1` or `Ed25519`; nil unless the key is on a curve.
    package let curve: String?
    /// GnuTLS's name, such as `ECDSA-SHA256`.
    package let signatureAlgorithm: String
    /// Whether basicConstraints says so.
    package let isCA: Bool
    /// pathLenConstraint; nil for none.
    package let pathLength: Int?
    /// RFC 5280's names of the bits that are set, in its order; nil without the extension.
    package let keyUsage: [String]?
    /// The purposes of extendedKeyUsage as dotted OIDs, in their order.
    package let extendedKeyUsage: [String]
    /// subjectAltName.
    package let subjectAltNames: GnuTLSGeneralNames
    /// Name constraints' permitted subtrees.
    package let permittedNames: GnuTLSGeneralNames
    /// Name constraints' excluded subtrees.
    package let excludedNames: GnuTLSGeneralNames
    /// Every extension, in its order.
    package let extensions: [Extension]
    /// SHA-256 of the DER.
    package let sha256Fingerprint: [UInt8]

    /// Reads a certificate in DER, or throws what GnuTLS says about it.
    package init(_ der: [UInt8]) throws(GnuTLSError) {
        let certificate = try CertificateHandle(der: der)
        self.der = der
        version = Int(try GnuTLSError.check(gnutls_x509_crt_get_version(certificate.pointer), "reading the version"))
        serial = try certificate.serial
        subject = try certificate.name("subject", gnutls_x509_crt_get_dn3)
        issuer = try certificate.name("issuer", gnutls_x509_crt_get_issuer_dn3)
        notBefore = gnutls_x509_crt_get_activation_time(certificate.pointer)
        notAfter = gnutls_x509_crt_get_expiration_time(certificate.pointer)
        (publicKeyAlgorithm, publicKeyBits, curve) = try certificate.publicKey
        signatureAlgorithm = certificate.signatureAlgorithm
        (isCA, pathLength) = try certificate.basicConstraints
        keyUsage = try certificate.keyUsage
        extendedKeyUsage = try CertificateHandle.elements("reading extendedKeyUsage") { index, buffer, size, critical in
            gnutls_x509_crt_get_key_purpose_oid(certificate.pointer, index, buffer, &size, &critical)
        } _: { bytes, _, _ in
            CertificateHandle.text(bytes)
        }
        subjectAltNames = try certificate.subjectAltNames
        (permittedNames, excludedNames) = try certificate.nameConstraints
        extensions = try CertificateHandle.elements("reading extensions") { index, buffer, size, critical in
            gnutls_x509_crt_get_extension_info(certificate.pointer, index, buffer, &size, &critical)
        } _: { bytes, isCritical, _ in
            Extension(oid: CertificateHandle.text(bytes), isCritical: isCritical)
        }
        sha256Fingerprint = try certificate.sha256Fingerprint
    }

    /// Whether the issuer's name is this one's issuer and its key made this signature. Nothing else is looked at:
    /// neither dates nor whether the issuer is a CA.
    package func isIssued(by issuer: GnuTLSCertificateReader) throws(GnuTLSError) -> Bool {
        let certificate = try CertificateHandle(der: der)
        let issuer = try CertificateHandle(der: issuer.der)
        guard gnutls_x509_crt_check_issuer(certificate.pointer, issuer.pointer) == 1 else { return false }
        var anchors = [issuer.pointer]
        var status: UInt32 = 0
        let result = gnutls_x509_crt_verify(certificate.pointer, &anchors, 1, CertificateHandle.signatureOnly, &status)
        try GnuTLSError.check(result, "verifying a certificate's signature")
        return status & CertificateHandle.signatureFailures == 0
    }
}

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
