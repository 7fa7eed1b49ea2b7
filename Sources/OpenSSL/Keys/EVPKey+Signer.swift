internal import COpenSSL

extension EVPKey {
    /// Makes the signature of a digest; for a key on a curve a DER encoded ECDSA-Sig-Value (RFC 3279 section 2.2.3).
    package typealias Signer = @Sendable (_ digest: [UInt8]) throws -> [UInt8]

    /// A key that has the public half of the certificate's, and signs by what is called for each signature.
    ///
    /// It throws for a key that isn't on a curve. OpenSSL 3 takes keys with a signing method of their own on its legacy
    /// path, which is what makes it call at all.
    package convenience init(for certificate: X509Certificate, signer: @escaping Signer) throws(OpenSSLError) {
        let claimed = try certificate.publicKey()
        let publicHalf = try checkPointer("EVP_PKEY_get0_EC_KEY") { EVP_PKEY_get0_EC_KEY(claimed.pointer) }
        let key = try checkPointer("EC_KEY_dup") { EC_KEY_dup(publicHalf) }
        defer { EC_KEY_free(key) }
        try check("EC_KEY_set_method") { EC_KEY_set_method(key, signingMethod) }
        let box = Unmanaged.passRetained(SignerBox(signer))
        do throws(OpenSSLError) {
            // From here on the key owns the box: see releaseSigner.
            try check("EC_KEY_set_ex_data") { EC_KEY_set_ex_data(key, signerIndex, box.toOpaque()) }
        } catch {
            box.release()
            throw error
        }
        let pointer = try checkPointer("EVP_PKEY_new") { EVP_PKEY_new() }
        self.init(takingOwnershipOf: pointer)
        try check("EVP_PKEY_set1_EC_KEY") { EVP_PKEY_set1_EC_KEY(pointer, key) }
    }
}

private final class SignerBox: Sendable {
    let sign: EVPKey.Signer

    init(_ sign: @escaping EVPKey.Signer) {
        self.sign = sign
    }
}

/// OpenSSL's default method with a signing function of our own. Made once and never freed.
nonisolated(unsafe) private let signingMethod: OpaquePointer? = {
    guard let method = EC_KEY_METHOD_new(EC_KEY_OpenSSL()) else { return nil }
    var setup: ECSignSetup?
    var signDigest: ECSignDigest?
    EC_KEY_METHOD_get_sign(EC_KEY_OpenSSL(), nil, &setup, &signDigest)
    EC_KEY_METHOD_set_sign(method, callSigner, setup, signDigest)
    return method
}()

/// The slot of an EC_KEY in which its signer is found.
private let signerIndex = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_EC_KEY, 0, nil, nil, retainSigner, releaseSigner)

private typealias ECSignSetup =
    @convention(c) (
        OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<OpaquePointer?>?
    ) -> CInt
private typealias ECSignDigest =
    @convention(c) (
        UnsafePointer<UInt8>?, CInt, OpaquePointer?, OpaquePointer?, OpaquePointer?
    ) -> OpaquePointer?

/// Hands a digest to the signer of the key, which is alive as long as its key is; 0 is a failure.
private func callSigner(
    type: CInt,
    digest: UnsafePointer<UInt8>?,
    digestLength: CInt,
    signature: UnsafeMutablePointer<UInt8>?,
    signatureLength: UnsafeMutablePointer<CUnsignedInt>?,
    inverse: OpaquePointer?,
    nonce: OpaquePointer?,
    key: OpaquePointer?
) -> CInt {
    guard let key, let digest, let signature, let signatureLength, let box = EC_KEY_get_ex_data(key, signerIndex) else {
        return 0
    }
    let signer = Unmanaged<SignerBox>.fromOpaque(box).takeUnretainedValue()
    let made: [UInt8]
    do {
        made = try signer.sign([UInt8](UnsafeBufferPointer(start: digest, count: Int(digestLength))))
    } catch {
        COpenSSL_raise_signer_error("the signer of the private key failed")
        return 0
    }
    // The buffer has room for the longest signature of this key.
    guard !made.isEmpty, made.count <= Int(ECDSA_size(key)) else {
        COpenSSL_raise_signer_error("the signer of the private key made a signature of a wrong length")
        return 0
    }
    signature.update(from: made, count: made.count)
    signatureLength.pointee = CUnsignedInt(made.count)
    return 1
}

/// A copy of a key shares its signer, and owns it too.
private func retainSigner(
    to: UnsafeMutablePointer<CRYPTO_EX_DATA>?,
    from: UnsafePointer<CRYPTO_EX_DATA>?,
    slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    index: CInt,
    number: Int,
    argument: UnsafeMutableRawPointer?
) -> CInt {
    if let box = slot?.pointee { _ = Unmanaged<SignerBox>.fromOpaque(box).retain() }
    return 1
}

/// Lets go of the signer with its key.
private func releaseSigner(
    key: UnsafeMutableRawPointer?,
    box: UnsafeMutableRawPointer?,
    data: UnsafeMutablePointer<CRYPTO_EX_DATA>?,
    index: CInt,
    number: Int,
    argument: UnsafeMutableRawPointer?
) {
    if let box { Unmanaged<SignerBox>.fromOpaque(box).release() }
}
