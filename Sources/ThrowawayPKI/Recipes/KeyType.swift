internal import OpenSSL
internal import OpenSSLMinting

/// The kinds of keys that an entry can have; the raw value is the word in a recipe file.
package enum KeyType: String, Sendable, CaseIterable {
    case p256
    case p384
    case p521
    case ed25519
    /// Too weak for OpenSSL's security level 2: for tests of exactly that.
    case rsa1024
    case rsa2048
    case rsa3072
    /// RSA of 2048 bits that may sign with RSASSA-PSS alone (id-RSASSA-PSS, RFC 4055).
    case rsaPSS2048 = "rsa-pss"
}

extension KeyType {
    var algorithm: EVPKey.Algorithm {
        switch self {
        case .p256: .ec(curve: .p256)
        case .p384: .ec(curve: .p384)
        case .p521: .ec(curve: .p521)
        case .ed25519: .ed25519
        case .rsa1024: .rsa(bits: 1024)
        case .rsa2048: .rsa(bits: 2048)
        case .rsa3072: .rsa(bits: 3072)
        case .rsaPSS2048: .rsaPSS(bits: 2048)
        }
    }

    /// Whether making a key takes long enough (an RSA key: a tenth of a second) to draw it from a pool.
    var isPooled: Bool {
        switch self {
        case .p256, .p384, .p521, .ed25519: false
        case .rsa1024, .rsa2048, .rsa3072, .rsaPSS2048: true
        }
    }
}

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
