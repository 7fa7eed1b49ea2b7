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

/// The digest of `bytes` by an algorithm that OpenSSL names.
package func digest(of bytes: [UInt8], by algorithm: OpaquePointer) throws(OpenSSLError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: CUnsignedInt = 0
    try check("EVP_Digest") { EVP_Digest(bytes, bytes.count, &output, &length, algorithm, nil) }
    return Array(output[..<Int(length)])
}

/// The SHA-256 digest (FIPS 180-4) of some bytes: 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    var length: UInt32 = 0
    let result = EVP_Digest(bytes, bytes.count, &digest, &length, algorithm.pointer ?? EVP_sha256(), nil)
    precondition(result == 1 && Int(length) == digest.count, "libcrypto has no SHA-256")
    return digest
}

/// Fetched once and kept: with EVP_sha256() alone libcrypto looks for the implementation at every call.
private let algorithm = FetchedDigest()

private struct FetchedDigest: @unchecked Sendable {
    // Safety: a fetched algorithm isn't changed any more.
    let pointer = EVP_MD_fetch(nil, "SHA256", nil)
}

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1) of some bytes: 32 bytes.
package func hmacSHA256(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    var length: UInt32 = 0
    let result = HMAC(EVP_sha256(), key, CInt(key.count), bytes, bytes.count, &code, &length)
    precondition(result != nil && Int(length) == code.count, "libcrypto has no HMAC with SHA-256")
    return code
}

/// Whether both are the same bytes, in a time that depends on their lengths alone.
package func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

extension [UInt8] {
    /// Two digits a byte, in either case; nil for anything else.
    package init?(hexadecimal text: some StringProtocol) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
