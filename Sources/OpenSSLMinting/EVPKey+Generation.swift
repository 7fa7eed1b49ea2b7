internal import COpenSSL
package import OpenSSL

extension EVPKey {
    /// The use that a key is made for.
    package enum Algorithm: Sendable, Hashable {
        /// A key on a curve that OpenSSL knows by its NIST name, for example `P-256`.
        case ec(curve: Curve)
        /// Ed25519 (RFC 8410).
        case ed25519
        /// RSA with the public exponent 65537 (rsaEncryption, RFC 8017).
        case rsa(bits: Int)
        /// RSA that may sign with RSASSA-PSS alone (id-RSASSA-PSS without parameters, RFC 4055 section 1.2).
        case rsaPSS(bits: Int)
    }

    /// The NIST curves that TLS signs with (RFC 8446 section 4.2.3).
    package enum Curve: String, Sendable, Hashable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"
    }

    /// Makes a fresh key from OpenSSL's own random generator.
    package static func generate(_ algorithm: Algorithm) throws(OpenSSLError) -> EVPKey {
        let context = try checkPointer("EVP_PKEY_CTX_new_from_name") {
            EVP_PKEY_CTX_new_from_name(nil, algorithm.generatorName, nil)
        }
        defer { EVP_PKEY_CTX_free(context) }
        try check("EVP_PKEY_keygen_init") { EVP_PKEY_keygen_init(context) }
        switch algorithm {
        case .ec(let curve):
            try check("EVP_PKEY_CTX_set_group_name") { EVP_PKEY_CTX_set_group_name(context, curve.rawValue) }
        case .ed25519:
            break
        case .rsa(let bits), .rsaPSS(let bits):
            try check("EVP_PKEY_CTX_set_rsa_keygen_bits") { EVP_PKEY_CTX_set_rsa_keygen_bits(context, CInt(bits)) }
        }
        let pointer = try checkPointer("EVP_PKEY_generate") { () -> OpaquePointer? in
            var key: OpaquePointer?
            return EVP_PKEY_generate(context, &key) == 1 ? key : nil
        }
        return EVPKey(takingOwnershipOf: pointer)
    }
}

extension EVPKey {
    /// The private key as unencrypted PKCS #8 DER (RFC 5958), for handing a throwaway key to another stack.
    package func privateKeyDER() throws(OpenSSLError) -> [UInt8] {
        let info = try checkPointer("EVP_PKEY2PKCS8") { EVP_PKEY2PKCS8(pointer) }
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = try checkPositive("i2d_PKCS8_PRIV_KEY_INFO") { i2d_PKCS8_PRIV_KEY_INFO(info, &buffer) }
        // The copy that OpenSSL made is wiped before it is freed.
        defer { CRYPTO_clear_free(buffer, length, nil, 0) }
        return [UInt8](UnsafeBufferPointer(start: buffer, count: length))
    }

    /// The signature of a digest: a DER encoded ECDSA-Sig-Value (RFC 3279 section 2.2.3) for a key on a curve.
    package func signature(ofDigest digest: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        let context = try checkPointer("EVP_PKEY_CTX_new") { EVP_PKEY_CTX_new(pointer, nil) }
        defer { EVP_PKEY_CTX_free(context) }
        try check("EVP_PKEY_sign_init") { EVP_PKEY_sign_init(context) }
        var length = 0
        try check("EVP_PKEY_sign") { EVP_PKEY_sign(context, nil, &length, digest, digest.count) }
        var signature = [UInt8](repeating: 0, count: length)
        try check("EVP_PKEY_sign") { EVP_PKEY_sign(context, &signature, &length, digest, digest.count) }
        return Array(signature.prefix(length))
    }

    /// The signature of a digest with one bit flipped in its last byte: well-formed, and not to be verified.
    package func corruptSignature(ofDigest digest: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        var signature = try signature(ofDigest: digest)
        signature[signature.count - 1] ^= 1
        return signature
    }
}

extension EVPKey.Algorithm {
    /// The key type by OpenSSL's name of its algorithm and its size; nil for any other algorithm.
    package init?(of key: EVPKey) {
        switch (key.algorithmName, key.bits) {
        case ("EC", 256): self = .ec(curve: .p256)
        case ("EC", 384): self = .ec(curve: .p384)
        case ("EC", 521): self = .ec(curve: .p521)
        case ("ED25519", _): self = .ed25519
        case ("RSA", let bits): self = .rsa(bits: bits)
        case ("RSA-PSS", let bits): self = .rsaPSS(bits: bits)
        default: return nil
        }
    }

    fileprivate var generatorName: String {
        switch self {
        case .ec: "EC"
        case .ed25519: "ED25519"
        case .rsa: "RSA"
        case .rsaPSS: "RSA-PSS"
        }
    }
}
