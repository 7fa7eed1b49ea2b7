internal import COpenSSL

/// The key and the nonce that protect one direction's records under one traffic secret (RFC 8446 section 7.3).
struct TrafficKeys {
    let key: [UInt8]
    let iv: [UInt8]

    init(secret: [UInt8], digest: OpaquePointer, keyLength: Int) throws(OpenSSLError) {
        key = try Self.expand(secret, label: "key", length: keyLength, digest: digest)
        // RFC 8446 section 5.3: twelve bytes for every cipher suite of TLS 1.3.
        iv = try Self.expand(secret, label: "iv", length: 12, digest: digest)
    }

    /// HKDF-Expand-Label (RFC 8446 section 7.1).
    static func expand(
        _ secret: [UInt8],
        label: String,
        context: [UInt8] = [],
        length: Int,
        digest: OpaquePointer
    ) throws(OpenSSLError) -> [UInt8] {
        let label = Array("tls13 \(label)".utf8)
        let info =
            [UInt8(length >> 8), UInt8(length & 0xFF), UInt8(label.count)] + label + [UInt8(context.count)] + context
        return try derive(EVP_PKEY_HKDEF_MODE_EXPAND_ONLY, secret, length: length, digest) {
            (derivation) throws(OpenSSLError) in
            try check("EVP_PKEY_CTX_add1_hkdf_info") {
                EVP_PKEY_CTX_add1_hkdf_info(derivation, info, CInt(info.count))
            }
        }
    }

    /// HKDF-Extract (RFC 5869 section 2.2).
    static func extract(_ keyingMaterial: [UInt8], salt: [UInt8], digest: OpaquePointer) throws(OpenSSLError) -> [UInt8]
    {
        let length = Int(EVP_MD_get_size(digest))
        return try derive(EVP_PKEY_HKDEF_MODE_EXTRACT_ONLY, keyingMaterial, length: length, digest) {
            (derivation) throws(OpenSSLError) in
            try check("EVP_PKEY_CTX_set1_hkdf_salt") {
                EVP_PKEY_CTX_set1_hkdf_salt(derivation, salt, CInt(salt.count))
            }
        }
    }

    private static func derive(
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
