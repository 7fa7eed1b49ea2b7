internal import COpenSSL

/// A public or private key, counted by OpenSSL and never changed after its creation.
///
/// Its description never shows key material.
package final class EVPKey: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over one reference, which the caller then no longer owns.
    init(takingOwnershipOf pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Decodes an unencrypted private key in DER: PKCS #8 (RFC 5958), or the older form of its algorithm.
    package convenience init(privateKeyDER der: [UInt8]) throws(OpenSSLError) {
        if let key = PrivateKeyInfoDecoder.key(from: der) {
            EVP_PKEY_up_ref(key.pointer)
            self.init(takingOwnershipOf: key.pointer)
            return
        }
        let pointer = try checkPointer("d2i_AutoPrivateKey") {
            der.withUnsafeBufferPointer { buffer in
                var cursor = buffer.baseAddress
                return d2i_AutoPrivateKey(nil, &cursor, buffer.count)
            }
        }
        self.init(takingOwnershipOf: pointer)
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// The strength in bits as the algorithm counts them: the modulus for RSA, the order for EC.
    package var bits: Int { Int(EVP_PKEY_get_bits(pointer)) }

    /// Whether both hold the same public key.
    package func hasSamePublicKey(as other: EVPKey) -> Bool {
        EVP_PKEY_eq(pointer, other.pointer) == 1
    }

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
}
