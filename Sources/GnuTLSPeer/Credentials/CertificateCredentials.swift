internal import CGnuTLS

/// Owns a `gnutls_certificate_credentials_t`: one identity, or none, with trust anchors and CRLs.
///
/// A credentials object is never changed once it is made, so it may serve many sessions. GnuTLS does not count
/// references to it: each session keeps this object until its own end.
final class CertificateCredentials {
    private(set) var pointer: gnutls_certificate_credentials_t?
    let anchors: [[UInt8]]

    /// - Parameters:
    ///   - identity: what is presented; key and chain come from this one value.
    ///   - anchors: trusted certificates in DER; a server also sends their subjects as CA names.
    ///   - crls: CRLs in DER.
    init(identity: GnuTLSCredential?, anchors: [[UInt8]], crls: [[UInt8]]) throws(GnuTLSError) {
        self.anchors = anchors
        try GnuTLSError.check(gnutls_certificate_allocate_credentials(&pointer), "making credentials")
        for (index, anchor) in anchors.enumerated() {
            let result = anchor.withDatum { gnutls_certificate_set_x509_trust_mem(pointer, &$0, GNUTLS_X509_FMT_DER) }
            try GnuTLSError.check(
                result,
                "loading trust anchor \(index + 1) of \(anchors.count), expected a certificate in DER"
            )
        }
        for (index, crl) in crls.enumerated() {
            let result = crl.withDatum { gnutls_certificate_set_x509_crl_mem(pointer, &$0, GNUTLS_X509_FMT_DER) }
            try GnuTLSError.check(result, "loading CRL \(index + 1) of \(crls.count), expected a CRL in DER")
        }
        if let identity { try setIdentity(identity) }
    }

    deinit {
        if let pointer { gnutls_certificate_free_credentials(pointer) }
    }

    private func setIdentity(_ identity: GnuTLSCredential) throws(GnuTLSError) {
        var key = try PrivateKey(der: identity.privateKey)
        if identity.fault == .corruptSignature { key = try PrivateKey(corrupting: key) }
        if identity.fault != nil {
            // Otherwise GnuTLS signs a test text with the key, verifies it with the leaf and refuses the pair.
            gnutls_certificate_set_flags(pointer, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH.rawValue)
        }
        var certificates = try PresentedCertificates(identity.chain)
        let result = certificates.withList {
            gnutls_certificate_set_key(pointer, nil, 0, $0.baseAddress, Int32($0.count), key.pointer)
        }
        try GnuTLSError.check(result, "loading an identity of \(identity.chain.count) certificates with its key")
        // Upon success, and then only, the credentials object owns the key and what the list's elements point at.
        key.release()
        certificates.release()
    }
}

/// Owns the contents of a list of `gnutls_pcert_st` until a credentials object takes them over.
private struct PresentedCertificates: ~Copyable {
    private var list: [gnutls_pcert_st] = []

    init(_ chain: [[UInt8]]) throws(GnuTLSError) {
        guard !chain.isEmpty else {
            throw GnuTLSError(
                GNUTLS_E_INSUFFICIENT_CREDENTIALS,
                "loading an identity, expected one certificate at least"
            )
        }
        for (index, certificate) in chain.enumerated() {
            var entry = gnutls_pcert_st()
            let result = certificate.withDatum { gnutls_pcert_import_x509_raw(&entry, &$0, GNUTLS_X509_FMT_DER, 0) }
            try GnuTLSError.check(
                result,
                "reading certificate \(index + 1) of an identity's \(chain.count), expected DER"
            )
            list.append(entry)
        }
    }

    mutating func withList<Result>(_ body: (UnsafeMutableBufferPointer<gnutls_pcert_st>) -> Result) -> Result {
        list.withUnsafeMutableBufferPointer { body($0) }
    }

    consuming func release() {
        list = []
    }

    deinit {
        for var entry in list { gnutls_pcert_deinit(&entry) }
    }
}
