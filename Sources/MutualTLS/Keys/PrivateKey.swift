package import OpenSSL

/// A private key. Its description never shows key material.
public struct PrivateKey: Sendable {
    package let key: EVPKey

    package init(_ key: EVPKey) {
        self.key = key
    }

    /// Decodes an unencrypted key in DER: PKCS #8 (RFC 5958), or the older form of its algorithm.
    public init(der: [UInt8]) throws(MutualTLSError) {
        do {
            key = try EVPKey(privateKeyDER: der)
        } catch {
            throw MutualTLSError(
                .undecodableKey,
                "Expected a private key in DER, found \(der.count) bytes that don't decode as one.",
                cause: error
            )
        }
    }

    /// A key that signs elsewhere: in a security module, a key service or another process.
    ///
    /// Each full handshake in which the certificate is shown calls the signer once, on the thread that drives the
    /// connection, which waits for it. An error that it throws ends the handshake with
    /// ``ConnectionFailure/Reason/configuration``.
    ///
    /// - Parameters:
    ///   - certificate: the certificate that the key belongs to, with a key on P-256, P-384 or P-521; others throw
    ///     ``MutualTLSError/Code/unusableIdentity``.
    ///   - signer: makes the ECDSA signature of a digest: a DER encoded ECDSA-Sig-Value (RFC 3279 section 2.2.3).
    public init(
        for certificate: Certificate,
        signer: @escaping @Sendable (_ digest: [UInt8]) throws -> [UInt8]
    ) throws(MutualTLSError) {
        do {
            key = try EVPKey(for: certificate.x509, signer: signer)
        } catch {
            throw MutualTLSError(
                .unusableIdentity,
                "Expected a certificate with a key on a curve for a key that signs elsewhere, found \(certificate). "
                    + "Issue it for a P-256 key.",
                cause: error
            )
        }
    }

    /// Decodes the one private key of a PEM text, and decrypts it with the passphrase if it is encrypted.
    ///
    /// Blocks of other kinds, such as certificates, are passed over. It never prompts on a terminal: an encrypted
    /// key without a passphrase throws ``MutualTLSError/Code/encryptedKey``.
    public init(pem: [UInt8], passphrase: String? = nil) throws(MutualTLSError) {
        let document = try PEMDocument(pem, expected: "a private key")
        let blocks = document.blocks.filter { $0.label == "PRIVATE KEY" || $0.label.hasSuffix(" PRIVATE KEY") }
        guard let block = blocks.first else {
            throw MutualTLSError(
                .noPrivateKeyFound,
                "Expected a PRIVATE KEY block, found \(document.labels). Check that this is the right input."
            )
        }
        guard blocks.count == 1 else {
            throw MutualTLSError(.severalFound, "Expected one private key, found \(blocks.count).")
        }
        try self.init(block, passphrase: passphrase)
    }

    /// Decodes the one private key of a PEM text, and decrypts it with the passphrase if it is encrypted.
    public init(pem: String, passphrase: String? = nil) throws(MutualTLSError) {
        try self.init(pem: Array(pem.utf8), passphrase: passphrase)
    }

    private init(_ block: PEMDocument.Block, passphrase: String?) throws(MutualTLSError) {
        let isEncrypted = block.isEncrypted || block.label == "ENCRYPTED PRIVATE KEY"
        guard !isEncrypted || passphrase != nil else {
            throw MutualTLSError(
                .encryptedKey,
                "The \(block.name) block of line \(block.line) is encrypted and there is no passphrase. "
                    + "Give the passphrase, or decrypt the key (openssl pkey)."
            )
        }
        do {
            key = try EVPKey(privateKeyPEM: block.text, passphrase: passphrase.map { Array($0.utf8) })
        } catch {
            guard isEncrypted else {
                throw MutualTLSError(
                    .undecodableKey,
                    "The \(block.name) block of line \(block.line) doesn't decode as a private key.",
                    cause: error
                )
            }
            throw MutualTLSError(
                .wrongPassphrase,
                "The passphrase doesn't decrypt the \(block.name) block of line \(block.line).",
                cause: error
            )
        }
    }
}

extension PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Algorithm and size, for example `EC private key of 256 bits`.
    public var description: String { "\(key.algorithmName) private key of \(key.bits) bits" }
    /// The same as the description.
    public var debugDescription: String { description }
    /// Empty, so that no dump shows the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
