internal import COpenSSL
internal import Synchronization

/// A public or private key, counted by OpenSSL and never changed after its creation.
///
/// Its description never shows key material.
package final class EVPKey: @unchecked Sendable {
    package let pointer: OpaquePointer

    /// Takes over one reference, which the caller then no longer owns.
    package init(takingOwnershipOf pointer: OpaquePointer) {
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
}

extension EVPKey {
    /// Decodes a private key in PEM (RFC 7468), decrypting it with `passphrase` if it is encrypted.
    ///
    /// OpenSSL's own callback would prompt on the terminal; this one answers with the passphrase or refuses.
    package convenience init(privateKeyPEM pem: [UInt8], passphrase: [UInt8]?) throws(OpenSSLError) {
        let input = try MemoryBIO(reading: pem)
        let secret = PassphraseBox(passphrase)
        let pointer = try checkPointer("PEM_read_bio_PrivateKey") {
            withExtendedLifetime(secret) {
                PEM_read_bio_PrivateKey(
                    input.pointer,
                    nil,
                    providePassphrase,
                    Unmanaged.passUnretained(secret).toOpaque()
                )
            }
        }
        self.init(takingOwnershipOf: pointer)
    }

    /// The algorithm as OpenSSL names it, for example `EC` or `RSA`.
    package var algorithmName: String {
        EVP_PKEY_get0_type_name(pointer).map { String(cString: $0) } ?? "unknown"
    }
}

private final class PassphraseBox {
    let bytes: [UInt8]?

    init(_ bytes: [UInt8]?) {
        self.bytes = bytes
    }
}

/// Copies the passphrase out of the box that `init(privateKeyPEM:passphrase:)` keeps alive during the call.
private func providePassphrase(
    buffer: UnsafeMutablePointer<CChar>?,
    capacity: CInt,
    isWriting: CInt,
    context: UnsafeMutableRawPointer?
) -> CInt {
    guard let buffer, let context else { return -1 }
    guard let bytes = Unmanaged<PassphraseBox>.fromOpaque(context).takeUnretainedValue().bytes else { return -1 }
    guard bytes.count <= Int(capacity) else { return -1 }
    for (index, byte) in bytes.enumerated() {
        buffer[index] = CChar(bitPattern: byte)
    }
    return CInt(bytes.count)
}

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
            Self.text(of: "DER"),
            Self.text(of: "PrivateKeyInfo"),
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

    /// A text of the program, which is always there: the context keeps the pointers that it is given
    /// (OSSL_DECODER_CTX_set_input_type copies nothing), and a Swift string that is passed lives for that call alone.
    private static func text(of literal: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
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
