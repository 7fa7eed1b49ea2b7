internal import COpenSSL

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
