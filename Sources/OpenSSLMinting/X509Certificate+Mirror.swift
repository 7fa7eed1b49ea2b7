internal import COpenSSL
package import OpenSSL

extension X509Certificate {
    /// Makes a copy of a certificate for another key, signed by another signer; names, times, serial number and
    /// extensions stay as they are, octet for octet.
    ///
    /// A handshake with the copy meets every check that one with the original meets, and needs nobody's private key.
    ///
    /// - Parameter key: of the kind of the original's key.
    package convenience init(
        mirroring original: X509Certificate,
        for key: SigningKey,
        signedBy signer: SigningKey
    ) throws(OpenSSLError) {
        let copy = try checkPointer("X509_dup") { X509_dup(original.pointer) }
        defer { X509_free(copy) }
        try key.publicKey.write(into: X509_get_X509_PUBKEY(copy))
        try signer.withSigningContext(original.signatureDigest) { (context) throws(OpenSSLError) in
            _ = try checkPositive("X509_sign_ctx") { X509_sign_ctx(copy, context) }
        }
        // The copy remembers what the original's octets said of its key.
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = try checkPositive("i2d_X509") { i2d_X509(copy, &buffer) }
        defer { CRYPTO_free(buffer, nil, 0) }
        try self.init(der: [UInt8](UnsafeBufferPointer(start: buffer, count: Int(length))))
    }

    /// Whether the signature is of the key of `issuer`; names and extensions are not looked at.
    package func isSigned(byKeyOf issuer: X509Certificate) -> Bool {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        guard let key = try? issuer.publicKey() else { return false }
        return X509_verify(pointer, key.pointer) == 1
    }

    /// The digest that the issuer signed with; SHA-256 where the signature has one of its own, or one that nobody signs
    /// with any more.
    private var signatureDigest: MessageDigest {
        var nid: CInt = 0
        guard X509_get_signature_info(pointer, &nid, nil, nil, nil) == 1 else { return .sha256 }
        return MessageDigest.allCases.first { EVP_MD_get_type($0.pointer) == nid } ?? .sha256
    }
}
