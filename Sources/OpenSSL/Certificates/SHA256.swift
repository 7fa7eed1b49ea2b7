internal import COpenSSL

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
