internal import COpenSSL

/// The alert of a TLS 1.3 client that refuses its server's certificate, protected as RFC 8446 section 5 asks.
///
/// libssl switches a client's write keys only when it writes its Certificate or Finished, so it would send this alert
/// in plaintext (openssl/openssl#27809). Servers on GnuTLS, Go or rustls cannot read that, and report a decryption
/// failure instead of the reason (golang/go#76767).
struct EncryptedAlert {
    let record: [UInt8]

    /// Protects a fatal alert as the first record under the client's handshake traffic secret.
    ///
    /// It is nil for a cipher that is none of the AEADs in use here.
    init?(description: UInt8, secret: [UInt8], suite: OpaquePointer) throws(OpenSSLError) {
        guard let digest = SSL_CIPHER_get_handshake_digest(suite),
            let name = OBJ_nid2sn(SSL_CIPHER_get_cipher_nid(suite)),
            let cipher = EVP_get_cipherbyname(name),
            EVP_CIPHER_get_mode(cipher) == EVP_CIPH_GCM_MODE
                || SSL_CIPHER_get_cipher_nid(suite) == NID_chacha20_poly1305
        else {
            return nil
        }
        let keys = try TrafficKeys(
            secret: secret,
            digest: digest,
            keyLength: Int(EVP_CIPHER_get_key_length(cipher))
        )
        // TLSInnerPlaintext: the alert and its true type; the outer type is application_data (section 5.2).
        let inner: [UInt8] = [2, description, 21]
        let tagLength = 16
        let header: [UInt8] = [23, 3, 3, 0, UInt8(inner.count + tagLength)]
        record = header + (try Self.seal(inner, header: header, keys: keys, cipher: cipher, tagLength: tagLength))
    }

    /// The same under the secret of a connection that has read its ServerHello; nil where that can't be known.
    init?(
        description: UInt8,
        on ssl: OpaquePointer,
        suite: OpaquePointer,
        after hellos: HelloTranscript
    ) throws(OpenSSLError) {
        guard let digest = SSL_CIPHER_get_handshake_digest(suite),
            var secret = try ClientHandshakeSecret(of: ssl, transcript: hellos, digest: digest)
        else {
            return nil
        }
        defer { secret.cleanse() }
        try self.init(description: description, secret: secret.bytes, suite: suite)
    }

    /// The sequence number is 0, so the nonce is the iv as it stands (section 5.3).
    private static func seal(
        _ plaintext: [UInt8],
        header: [UInt8],
        keys: TrafficKeys,
        cipher: OpaquePointer,
        tagLength: Int
    ) throws(OpenSSLError) -> [UInt8] {
        let context = try checkPointer("EVP_CIPHER_CTX_new") { EVP_CIPHER_CTX_new() }
        defer { EVP_CIPHER_CTX_free(context) }
        try check("EVP_EncryptInit_ex") { EVP_EncryptInit_ex(context, cipher, nil, keys.key, keys.iv) }
        var length: CInt = 0
        try check("EVP_EncryptUpdate") { EVP_EncryptUpdate(context, nil, &length, header, CInt(header.count)) }
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
        try check("EVP_EncryptUpdate") {
            EVP_EncryptUpdate(context, &ciphertext, &length, plaintext, CInt(plaintext.count))
        }
        var rest = [UInt8](repeating: 0, count: tagLength)
        try check("EVP_EncryptFinal_ex") { EVP_EncryptFinal_ex(context, &rest, &length) }
        var tag = [UInt8](repeating: 0, count: tagLength)
        try check("EVP_CIPHER_CTX_ctrl") {
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(tagLength), &tag)
        }
        return ciphertext + tag
    }
}

/// The key and the nonce that protect one direction's records under one traffic secret (RFC 8446 section 7.3).
package struct TrafficKeys {
    package let key: [UInt8]
    package let iv: [UInt8]

    package init(secret: [UInt8], digest: OpaquePointer, keyLength: Int) throws(OpenSSLError) {
        key = try Self.expand(secret, label: "key", length: keyLength, digest: digest)
        // RFC 8446 section 5.3: twelve bytes for every cipher suite of TLS 1.3.
        iv = try Self.expand(secret, label: "iv", length: 12, digest: digest)
    }

    /// HKDF-Expand-Label (RFC 8446 section 7.1).
    package static func expand(
        _ secret: [UInt8],
        label: String,
        context: [UInt8] = [],
        length: Int,
        digest: OpaquePointer
    ) throws(OpenSSLError) -> [UInt8] {
        let label = Array("tls13 \(label)".utf8)
        let info =
            [UInt8(length >> 8), UInt8(length & 0xFF), UInt8(label.count)] + label + [UInt8(context.count)] + context
        return try HKDF.expand(secret, info: info, length: length, digest: digest)
    }
}
