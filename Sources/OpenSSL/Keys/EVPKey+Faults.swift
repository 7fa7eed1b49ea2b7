internal import COpenSSL

extension EVPKey {
    /// A key that claims the public half of `certificate` and signs with the private half of `other`.
    ///
    /// Both must be EC keys of one curve. Whoever uses it makes well-formed signatures that don't verify.
    package convenience init(claiming certificate: X509Certificate, signingWith other: EVPKey) throws(OpenSSLError) {
        let claimed = try certificate.publicKey()
        let publicHalf = try checkPointer("EVP_PKEY_get0_EC_KEY") { EVP_PKEY_get0_EC_KEY(claimed.pointer) }
        let privateHalf = try checkPointer("EVP_PKEY_get0_EC_KEY") { EVP_PKEY_get0_EC_KEY(other.pointer) }
        let mixed = try checkPointer("EC_KEY_dup") { EC_KEY_dup(privateHalf) }
        defer { EC_KEY_free(mixed) }
        try check("EC_KEY_set_public_key") { EC_KEY_set_public_key(mixed, EC_KEY_get0_public_key(publicHalf)) }
        try self.init(wrapping: mixed)
    }

    /// A copy of this EC key whose every signature has one bit flipped, in its last byte.
    package func corruptingSignatures() throws(OpenSSLError) -> EVPKey {
        let original = try checkPointer("EVP_PKEY_get0_EC_KEY") { EVP_PKEY_get0_EC_KEY(pointer) }
        let copy = try checkPointer("EC_KEY_dup") { EC_KEY_dup(original) }
        defer { EC_KEY_free(copy) }
        try check("EC_KEY_set_method") { EC_KEY_set_method(copy, corruptingMethod) }
        return try EVPKey(wrapping: copy)
    }

    private convenience init(wrapping key: OpaquePointer) throws(OpenSSLError) {
        let pointer = try checkPointer("EVP_PKEY_new") { EVP_PKEY_new() }
        self.init(takingOwnershipOf: pointer)
        try check("EVP_PKEY_set1_EC_KEY") { EVP_PKEY_set1_EC_KEY(pointer, key) }
    }
}

/// The default method with a signing function of our own. OpenSSL 3 takes keys with such a method on its legacy
/// path, which is what makes this function be called at all. Made once and never freed.
nonisolated(unsafe) private let corruptingMethod: OpaquePointer? = {
    guard let method = EC_KEY_METHOD_new(EC_KEY_OpenSSL()) else { return nil }
    var setup: ECSignSetup?
    var signDigest: ECSignDigest?
    EC_KEY_METHOD_get_sign(EC_KEY_OpenSSL(), nil, &setup, &signDigest)
    EC_KEY_METHOD_set_sign(method, signAndFlipBit, setup, signDigest)
    return method
}()

private typealias ECSignSetup =
    @convention(c) (
        OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<OpaquePointer?>?
    ) -> CInt
private typealias ECSignDigest =
    @convention(c) (
        UnsafePointer<UInt8>?, CInt, OpaquePointer?, OpaquePointer?, OpaquePointer?
    ) -> OpaquePointer?
private typealias ECSign =
    @convention(c) (
        CInt, UnsafePointer<UInt8>?, CInt, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CUnsignedInt>?,
        OpaquePointer?, OpaquePointer?, OpaquePointer?
    ) -> CInt

/// Signs as OpenSSL does; then one bit of `s`, the last byte of the DER signature, is another.
private func signAndFlipBit(
    type: CInt,
    digest: UnsafePointer<UInt8>?,
    digestLength: CInt,
    signature: UnsafeMutablePointer<UInt8>?,
    signatureLength: UnsafeMutablePointer<CUnsignedInt>?,
    inverse: OpaquePointer?,
    nonce: OpaquePointer?,
    key: OpaquePointer?
) -> CInt {
    var sign: ECSign?
    EC_KEY_METHOD_get_sign(EC_KEY_OpenSSL(), &sign, nil, nil)
    guard let sign, sign(type, digest, digestLength, signature, signatureLength, inverse, nonce, key) == 1 else {
        return 0
    }
    if let signature, let length = signatureLength?.pointee, length > 0 {
        signature[Int(length) - 1] ^= 1
    }
    return 1
}
