internal import COpenSSL

extension X509Certificate {
    /// Makes a certificate for the public half of `key`, signed by `signer`.
    ///
    /// Nothing is checked against RFC 5280 on purpose: defective certificates are what tests need.
    ///
    /// - Parameter authority: a certificate whose subject is the issuer, octet for octet, in place of the template's.
    package convenience init(
        minting template: CertificateTemplate,
        for key: SigningKey,
        signedBy signer: SigningKey,
        issuedBy authority: X509Certificate? = nil
    ) throws(OpenSSLError) {
        let pointer = try checkPointer("X509_new") { X509_new() }
        self.init(takingOwnershipOf: pointer)
        try check("X509_set_version") { X509_set_version(pointer, template.version - 1) }
        try template.serial.writeInteger(into: X509_get_serialNumber(pointer))
        try template.subject.withPointer { (name) throws(OpenSSLError) in
            try check("X509_set_subject_name") { X509_set_subject_name(pointer, name) }
        }
        if let authority {
            try check("X509_set_issuer_name") {
                X509_set_issuer_name(pointer, X509_get_subject_name(authority.pointer))
            }
        } else {
            try template.issuer.withPointer { (name) throws(OpenSSLError) in
                try check("X509_set_issuer_name") { X509_set_issuer_name(pointer, name) }
            }
        }
        _ = try checkPointer("ASN1_TIME_set") {
            ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(template.notBefore))
        }
        _ = try checkPointer("ASN1_TIME_set") { ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(template.notAfter)) }
        try key.publicKey.write(into: X509_get_X509_PUBKEY(pointer))
        for source in template.extensions {
            let encoded = try EncodedExtension(source)
            try check("X509_add_ext") { X509_add_ext(pointer, encoded.pointer, -1) }
        }
        try signer.withSigningContext(template.digest) { (context) throws(OpenSSLError) in
            _ = try checkPositive("X509_sign_ctx") { X509_sign_ctx(pointer, context) }
        }
    }

    /// Whether the signature was made by `key`; names and extensions are not looked at.
    package func isSigned(by key: SigningKey) -> Bool {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        return X509_verify(pointer, key.key.pointer) == 1
    }
}

extension [UInt8] {
    /// Writes a positive big-endian number; leading zeros are left out, as DER wants the shortest form.
    func writeInteger(into integer: UnsafeMutablePointer<ASN1_INTEGER>) throws(OpenSSLError) {
        let digits = Array(drop { $0 == 0 })
        let value = digits.isEmpty ? [0] : digits
        try check("ASN1_STRING_set") { ASN1_STRING_set(integer, value, CInt(value.count)) }
    }
}
