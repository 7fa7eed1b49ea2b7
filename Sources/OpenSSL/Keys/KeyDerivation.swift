internal import COpenSSL

/// HKDF with SHA-256 (RFC 5869): as many bytes as asked for, from a secret and what they are for.
package func deriveKey(from secret: [UInt8], info: [UInt8], length: Int) throws(OpenSSLError) -> [UInt8] {
    try HKDF.derive(from: secret, info: info, length: length, digest: EVP_sha256())
}

/// Bytes that nobody can guess, from libcrypto's generator.
package func randomSecret(length: Int) throws(OpenSSLError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    try check("RAND_priv_bytes") { RAND_priv_bytes(&bytes, CInt(length)) }
    return bytes
}

/// The key derivation of RFC 5869 with any digest.
enum HKDF {
    /// HKDF-Extract (section 2.2): as many bytes as the digest has.
    static func extract(_ keyingMaterial: [UInt8], salt: [UInt8], digest: OpaquePointer) throws(OpenSSLError) -> [UInt8]
    {
        let length = Int(EVP_MD_get_size(digest))
        return try run(EVP_PKEY_HKDEF_MODE_EXTRACT_ONLY, keyingMaterial, length: length, digest) {
            (derivation) throws(OpenSSLError) in
            try check("EVP_PKEY_CTX_set1_hkdf_salt") {
                EVP_PKEY_CTX_set1_hkdf_salt(derivation, salt, CInt(salt.count))
            }
        }
    }

    /// HKDF-Expand (section 2.3) of a secret that is random already.
    static func expand(
        _ secret: [UInt8],
        info: [UInt8],
        length: Int,
        digest: OpaquePointer
    ) throws(OpenSSLError) -> [UInt8] {
        try run(EVP_PKEY_HKDEF_MODE_EXPAND_ONLY, secret, length: length, digest) { (derivation) throws(OpenSSLError) in
            try set(info: info, of: derivation)
        }
    }

    /// Both, without a salt.
    static func derive(
        from keyingMaterial: [UInt8],
        info: [UInt8],
        length: Int,
        digest: OpaquePointer
    ) throws(OpenSSLError) -> [UInt8] {
        try run(EVP_PKEY_HKDEF_MODE_EXTRACT_AND_EXPAND, keyingMaterial, length: length, digest) {
            (derivation) throws(OpenSSLError) in
            try set(info: info, of: derivation)
        }
    }

    private static func set(info: [UInt8], of derivation: OpaquePointer) throws(OpenSSLError) {
        try check("EVP_PKEY_CTX_add1_hkdf_info") {
            EVP_PKEY_CTX_add1_hkdf_info(derivation, info, CInt(info.count))
        }
    }

    private static func run(
        _ mode: some BinaryInteger,
        _ key: [UInt8],
        length: Int,
        _ digest: OpaquePointer,
        setting set: (OpaquePointer) throws(OpenSSLError) -> Void
    ) throws(OpenSSLError) -> [UInt8] {
        let context = try checkPointer("EVP_PKEY_CTX_new_id") { EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) }
        defer { EVP_PKEY_CTX_free(context) }
        try check("EVP_PKEY_derive_init") { EVP_PKEY_derive_init(context) }
        try check("EVP_PKEY_CTX_set_hkdf_mode") { EVP_PKEY_CTX_set_hkdf_mode(context, CInt(mode)) }
        try check("EVP_PKEY_CTX_set_hkdf_md") { EVP_PKEY_CTX_set_hkdf_md(context, digest) }
        try check("EVP_PKEY_CTX_set1_hkdf_key") { EVP_PKEY_CTX_set1_hkdf_key(context, key, CInt(key.count)) }
        try set(context)
        var output = [UInt8](repeating: 0, count: length)
        var written = length
        try check("EVP_PKEY_derive") { EVP_PKEY_derive(context, &output, &written) }
        return output
    }
}
