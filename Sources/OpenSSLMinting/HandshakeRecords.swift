internal import COpenSSL
package import OpenSSL

/// One direction of a TLS 1.3 handshake, taken apart and put together again with the secret that a key log tells.
///
/// It is for those who look into a handshake or change it on the way: for captures, and for tests of what a peer does
/// when a message is missing.
package struct HandshakeRecords {
    private let keys: TrafficKeys
    private let finishedKey: [UInt8]
    private let cipher: OpaquePointer
    private let digest: OpaquePointer
    /// The number of the next record of this direction (RFC 8446 section 5.3).
    private var sequence: UInt64 = 0

    private static let tagLength = 16

    /// - Parameters:
    ///   - secret: the handshake traffic secret of the direction (RFC 8446 section 7.1).
    ///   - suite: the cipher suite's code point (IANA, TLS Cipher Suites). Nil for one that isn't of TLS 1.3.
    package init?(secret: [UInt8], suite: UInt16) throws(OpenSSLError) {
        let algorithms: (cipher: OpaquePointer?, digest: OpaquePointer?)
        switch suite {
        case 0x1301: algorithms = (EVP_aes_128_gcm(), EVP_sha256())
        case 0x1302: algorithms = (EVP_aes_256_gcm(), EVP_sha384())
        case 0x1303: algorithms = (EVP_chacha20_poly1305(), EVP_sha256())
        default: return nil
        }
        guard let cipher = algorithms.cipher, let digest = algorithms.digest else { return nil }
        self.cipher = cipher
        self.digest = digest
        keys = try TrafficKeys(secret: secret, digest: digest, keyLength: Int(EVP_CIPHER_get_key_length(cipher)))
        finishedKey = try TrafficKeys.expand(
            secret,
            label: "finished",
            length: Int(EVP_MD_get_size(digest)),
            digest: digest
        )
    }

    /// The content of the next record and its true type, or nil when the record isn't authentic.
    package mutating func open(_ record: [UInt8]) throws(OpenSSLError) -> (content: [UInt8], type: UInt8)? {
        guard record.count > 5 + Self.tagLength else { return nil }
        let context = try begin(encrypts: false, header: Array(record.prefix(5)))
        defer { EVP_CIPHER_CTX_free(context) }
        var tag = Array(record.suffix(Self.tagLength))
        try check("EVP_CIPHER_CTX_ctrl") {
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(Self.tagLength), &tag)
        }
        var inner = try run(context, Array(record.dropFirst(5).dropLast(Self.tagLength)))
        var rest = [UInt8](repeating: 0, count: Self.tagLength)
        var length: CInt = 0
        guard EVP_CipherFinal_ex(context, &rest, &length) == 1 else {
            ErrorQueue.clear()
            return nil
        }
        sequence += 1
        // Zeros behind the type are padding (RFC 8446 section 5.4).
        while inner.last == 0 { inner.removeLast() }
        guard let type = inner.popLast() else { return nil }
        return (inner, type)
    }

    /// The next record with this content.
    package mutating func seal(_ content: [UInt8], type: UInt8) throws(OpenSSLError) -> [UInt8] {
        let length = content.count + 1 + Self.tagLength
        let header: [UInt8] = [23, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)]
        let context = try begin(encrypts: true, header: header)
        defer { EVP_CIPHER_CTX_free(context) }
        let ciphertext = try run(context, content + [type])
        var rest = [UInt8](repeating: 0, count: Self.tagLength)
        var written: CInt = 0
        try check("EVP_CipherFinal_ex") { EVP_CipherFinal_ex(context, &rest, &written) }
        var tag = [UInt8](repeating: 0, count: Self.tagLength)
        try check("EVP_CIPHER_CTX_ctrl") {
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(Self.tagLength), &tag)
        }
        sequence += 1
        return header + ciphertext + tag
    }

    /// The verify_data of a Finished message in this direction after these handshake messages (RFC 8446 section 4.4.4).
    package func verifyData(after messages: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        try check("EVP_Digest") { EVP_Digest(messages, messages.count, &hash, &length, digest, nil) }
        var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var codeLength: UInt32 = 0
        _ = try checkPointer("HMAC") {
            HMAC(digest, finishedKey, CInt(finishedKey.count), hash, Int(length), &code, &codeLength)
        }
        return Array(code.prefix(Int(codeLength)))
    }

    /// A cipher that has the key, the nonce of the next record and its header.
    private func begin(encrypts: Bool, header: [UInt8]) throws(OpenSSLError) -> OpaquePointer {
        var nonce = keys.iv
        for place in 0..<8 { nonce[nonce.count - 1 - place] ^= UInt8(truncatingIfNeeded: sequence >> (8 * place)) }
        let context = try checkPointer("EVP_CIPHER_CTX_new") { EVP_CIPHER_CTX_new() }
        do throws(OpenSSLError) {
            try check("EVP_CipherInit_ex") {
                EVP_CipherInit_ex(context, cipher, nil, keys.key, nonce, encrypts ? 1 : 0)
            }
            var length: CInt = 0
            try check("EVP_CipherUpdate") { EVP_CipherUpdate(context, nil, &length, header, CInt(header.count)) }
            return context
        } catch {
            EVP_CIPHER_CTX_free(context)
            throw error
        }
    }

    private func run(_ context: OpaquePointer, _ input: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: input.count)
        var length: CInt = 0
        try check("EVP_CipherUpdate") { EVP_CipherUpdate(context, &output, &length, input, CInt(input.count)) }
        return output
    }
}
