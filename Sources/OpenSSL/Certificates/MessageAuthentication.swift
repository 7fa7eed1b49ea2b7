internal import COpenSSL

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
