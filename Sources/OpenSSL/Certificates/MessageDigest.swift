internal import COpenSSL

/// The digests that certificates are signed with and named by.
package enum MessageDigest: String, Sendable, Hashable, CaseIterable {
    case sha1
    case sha256
    case sha384
    case sha512

    /// The digest of `bytes`.
    package func digest(of bytes: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        try Self.digest(of: bytes, by: pointer)
    }

    /// The digest of `bytes` by an algorithm that OpenSSL names.
    static func digest(of bytes: [UInt8], by algorithm: OpaquePointer) throws(OpenSSLError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: CUnsignedInt = 0
        try check("EVP_Digest") { EVP_Digest(bytes, bytes.count, &output, &length, algorithm, nil) }
        return Array(output[..<Int(length)])
    }

    var pointer: OpaquePointer {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
