internal import COpenSSL

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
