internal import COpenSSL

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
        // A key that was adopted may have its point in another form.
        let isUncompressed = publicKey.bits.first == UInt8(POINT_CONVERSION_UNCOMPRESSED.rawValue)
        guard case .ec(let curve) = algorithm, isUncompressed else { return try key.privateKeyDER() }
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
