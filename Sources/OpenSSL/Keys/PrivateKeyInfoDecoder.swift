internal import COpenSSL
internal import Synchronization

/// Decodes unencrypted PKCS #8 in DER (RFC 5958) with a context that is made once.
///
/// OpenSSL 3.0 looks up its decoders for each key, which takes many times as long as decoding it
/// (openssl/openssl#15199); OpenSSL 3.2 keeps its contexts for that reason (openssl/openssl#21426).
struct PrivateKeyInfoDecoder: ~Copyable {
    private let context: OpaquePointer
    /// Where the context leaves what it has decoded.
    private let decoded: UnsafeMutablePointer<OpaquePointer?>

    /// The one of this process: a context decodes one key at a time.
    private static let kept = Mutex<PrivateKeyInfoDecoder?>(PrivateKeyInfoDecoder())

    private init?() {
        decoded = .allocate(capacity: 1)
        decoded.initialize(to: nil)
        let made = OSSL_DECODER_CTX_new_for_pkey(
            decoded,
            "DER",
            "PrivateKeyInfo",
            nil,
            COpenSSL_EVP_PKEY_KEYPAIR(),
            nil,
            nil
        )
        guard let made else {
            decoded.deallocate()
            return nil
        }
        context = made
    }

    deinit {
        OSSL_DECODER_CTX_free(context)
        decoded.deallocate()
    }

    /// Nil when this is no PKCS #8 of an algorithm that was there when the first key was decoded; OpenSSL's error queue
    /// may then hold entries.
    static func key(from der: [UInt8]) -> EVPKey? {
        kept.withLock { $0?.decode(der) }
    }

    private borrowing func decode(_ der: [UInt8]) -> EVPKey? {
        let isDecoded = der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            var count = buffer.count
            return OSSL_DECODER_from_data(context, &cursor, &count) == 1
        }
        // Owned from here on, whatever the call says of it.
        let key = decoded.pointee.map { EVPKey(takingOwnershipOf: $0) }
        decoded.pointee = nil
        return isDecoded ? key : nil
    }
}
