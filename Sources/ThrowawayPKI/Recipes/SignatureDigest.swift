internal import OpenSSLMinting

/// The digests that a certificate can be signed with; the raw value is the word in a recipe file.
package enum SignatureDigest: String, Sendable, CaseIterable {
    /// Refused by today's verifiers: for tests of exactly that.
    case md5
    case sha1
    case sha256
    case sha384
    case sha512

    var messageDigest: MessageDigest {
        switch self {
        case .md5: .md5
        case .sha1: .sha1
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }
}
