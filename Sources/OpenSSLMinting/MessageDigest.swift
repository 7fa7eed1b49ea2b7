internal import COpenSSL
package import OpenSSL

/// The digests that certificates are signed with and named by.
package enum MessageDigest: String, Sendable, Hashable, CaseIterable {
    /// For signatures that verifiers must refuse.
    case md5
    case sha1
    case sha256
    case sha384
    case sha512

    /// The digest of `bytes`.
    package func digest(of bytes: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        try OpenSSL.digest(of: bytes, by: pointer)
    }

    var pointer: OpaquePointer {
        switch self {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
