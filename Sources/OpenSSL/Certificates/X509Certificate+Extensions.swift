internal import COpenSSL

extension X509Certificate {
    /// Whether it has the subject key identifier extension (RFC 5280 section 4.2.1.2).
    package var hasSubjectKeyIdentifier: Bool { X509_get_ext_by_NID(pointer, NID_subject_key_identifier, -1) >= 0 }

    /// Whether it has the authority key identifier extension (RFC 5280 section 4.2.1.1).
    package var hasAuthorityKeyIdentifier: Bool { X509_get_ext_by_NID(pointer, NID_authority_key_identifier, -1) >= 0 }

    /// The subject key identifier; nil without one.
    package var subjectKeyIdentifier: [UInt8]? { X509_get0_subject_key_id(pointer).map { bytes(of: $0) } }

    /// How many intermediates may stand below it (RFC 5280 section 4.2.1.9); nil for any number.
    package var pathLength: Int? {
        let length = X509_get_pathlen(pointer)
        return length < 0 ? nil : length
    }

    /// Whether it limits the names below it (RFC 5280 section 4.2.1.10).
    package var hasNameConstraints: Bool { X509_get_ext_by_NID(pointer, NID_name_constraints, -1) >= 0 }

    /// The algorithm of its signature as OpenSSL names it, for example `ecdsa-with-SHA256`.
    package var signatureAlgorithmName: String {
        guard let name = OBJ_nid2sn(X509_get_signature_nid(pointer)) else { return "unknown" }
        return String(cString: name)
    }
}
