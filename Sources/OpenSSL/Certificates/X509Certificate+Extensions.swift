internal import COpenSSL

extension X509Certificate {
    /// Whether it has the subject key identifier extension (RFC 5280 section 4.2.1.2).
    package var hasSubjectKeyIdentifier: Bool { X509_get_ext_by_NID(pointer, NID_subject_key_identifier, -1) >= 0 }

    /// Whether it has the authority key identifier extension (RFC 5280 section 4.2.1.1).
    package var hasAuthorityKeyIdentifier: Bool { X509_get_ext_by_NID(pointer, NID_authority_key_identifier, -1) >= 0 }

    /// The algorithm of its signature as OpenSSL names it, for example `ecdsa-with-SHA256`.
    package var signatureAlgorithmName: String {
        guard let name = OBJ_nid2sn(X509_get_signature_nid(pointer)) else { return "unknown" }
        return String(cString: name)
    }
}
