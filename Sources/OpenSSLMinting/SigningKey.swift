internal import COpenSSL
package import OpenSSL

/// A private key that certificates are made for and signed with.
package final class SigningKey: Sendable {
    package let key: EVPKey
    package let algorithm: EVPKey.Algorithm
    /// The key identifier: SHA-1 of the public key's bits (RFC 5280 section 4.2.1.2, method 1).
    package let identifier: [UInt8]
    let publicKey: SubjectPublicKey

    /// Makes a fresh key.
    package init(generating algorithm: EVPKey.Algorithm) throws(OpenSSLError) {
        key = try EVPKey.generate(algorithm)
        self.algorithm = algorithm
        publicKey = try SubjectPublicKey(of: key, made: algorithm)
        identifier = try MessageDigest.sha1.digest(of: publicKey.bits)
    }

    /// Takes a key that was made elsewhere, to sign for the authority that it belongs to.
    ///
    /// - Parameters:
    ///   - key: a private key.
    ///   - identifier: the key identifier in the authority's certificate, which what it signs must repeat; nil for that
    ///     of method 1.
    /// - Returns: nil for an algorithm that nothing here signs with.
    package init?(adopting key: EVPKey, identifier: [UInt8]?) throws(OpenSSLError) {
        guard let algorithm = EVPKey.Algorithm(of: key) else { return nil }
        self.key = key
        self.algorithm = algorithm
        publicKey = try SubjectPublicKey(of: key, made: algorithm)
        if let identifier {
            self.identifier = identifier
        } else {
            self.identifier = try MessageDigest.sha1.digest(of: publicKey.bits)
        }
    }

    /// Unencrypted PKCS #8 in DER (RFC 5958).
    package func privateKeyDER() throws(OpenSSLError) -> [UInt8] {
        guard case .ec(let curve) = algorithm else { return try key.privateKeyDER() }
        return try ECPrivateKeyInfo(of: key, on: curve, publicKey: publicKey.bits).der
    }

    /// Lends a context that is ready to sign one object; Ed25519 takes no digest (RFC 8410 section 6).
    func withSigningContext(
        _ digest: MessageDigest,
        _ body: (OpaquePointer) throws(OpenSSLError) -> Void
    ) throws(OpenSSLError) {
        let context = try checkPointer("EVP_MD_CTX_new") { EVP_MD_CTX_new() }
        defer { EVP_MD_CTX_free(context) }
        let algorithmDigest: OpaquePointer? = algorithm == .ed25519 ? nil : digest.pointer
        var keyContext: OpaquePointer?
        try check("EVP_DigestSignInit") {
            EVP_DigestSignInit(context, &keyContext, algorithmDigest, nil, key.pointer)
        }
        if case .rsaPSS = algorithm {
            // RFC 8446 section 4.2.3 wants a salt as long as the digest; OpenSSL's default is the longest possible.
            try check("EVP_PKEY_CTX_set_rsa_pss_saltlen") {
                EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST)
            }
        }
        try body(context)
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "SigningKey(\(algorithm))" }
    package var customMirror: Mirror { Mirror(self, children: ["algorithm": algorithm]) }
}

/// The PKCS #8 form (RFC 5958) of a key on a curve, put together from its parts (RFC 5915).
///
/// `EVP_PKEY2PKCS8` of OpenSSL 3.0 looks its encoders up for each key, which takes longer than to make the key.
struct ECPrivateKeyInfo {
    let curve: EVPKey.Curve
    let privateKey: [UInt8]
    /// The uncompressed point.
    let publicKey: [UInt8]

    init(of key: EVPKey, on curve: EVPKey.Curve, publicKey: [UInt8]) throws(OpenSSLError) {
        self.curve = curve
        self.publicKey = publicKey
        var scalar: OpaquePointer?
        try check("EVP_PKEY_get_bn_param") {
            EVP_PKEY_get_bn_param(key.pointer, OSSL_PKEY_PARAM_PRIV_KEY, &scalar)
        }
        defer { BN_clear_free(scalar) }
        // RFC 5915 section 3: as long as the curve's order, which is a coordinate's length on these curves.
        var bytes = [UInt8](repeating: 0, count: (publicKey.count - 1) / 2)
        _ = try checkPositive("BN_bn2binpad") { BN_bn2binpad(scalar, &bytes, CInt(bytes.count)) }
        privateKey = bytes
    }

    var der: [UInt8] {
        let version: [UInt8] = [0x02, 0x01, 0x00]
        let ecVersion: [UInt8] = [0x02, 0x01, 0x01]
        let point = element(0xA1, element(0x03, [0] + publicKey))
        let ecPrivateKey = element(0x30, ecVersion + element(0x04, privateKey) + point)
        return element(0x30, version + element(0x30, Self.ecPublicKey + curve.identifier) + element(0x04, ecPrivateKey))
    }

    /// Tag, length and contents (X.690 section 8.1); nothing here has 64 KiB.
    private func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let length = contents.count
        let octets = [UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)]
        return switch length {
        case ..<0x80: [tag, octets[1]] + contents
        case ..<0x100: [tag, 0x81, octets[1]] + contents
        default: [tag, 0x82] + octets + contents
        }
    }

    /// id-ecPublicKey (RFC 5480 section 2.1.1), 1.2.840.10045.2.1.
    private static let ecPublicKey: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
}

extension EVPKey.Curve {
    /// The curve's object identifier in DER (RFC 5480 section 2.1.1.1).
    fileprivate var identifier: [UInt8] {
        switch self {
        case .p256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]
        }
    }
}

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
