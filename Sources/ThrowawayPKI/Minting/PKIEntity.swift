internal import OpenSSL
internal import OpenSSLMinting

/// A minted certificate with its key.
///
/// Its description and mirror never show the key.
package struct PKIEntity: Sendable {
    /// The entry's name in the recipe.
    package let name: String
    /// The name of the entry that signed this one; nil when it is self-signed.
    package let issuerName: String?
    package let certificateDER: [UInt8]
    /// The serial number as a positive big-endian number without leading zeros.
    package let serial: [UInt8]
    /// SHA-256 over the DER encoding.
    package let sha256: [UInt8]

    let key: SigningKey

    init(
        name: String,
        issuerName: String?,
        serial: [UInt8],
        certificate: X509Certificate,
        key: SigningKey
    ) throws(OpenSSLError) {
        self.name = name
        self.issuerName = issuerName
        self.serial = serial
        self.key = key
        certificateDER = certificate.der
        sha256 = try MessageDigest.sha256.digest(of: certificateDER)
    }

    /// The serial number in lower-case hexadecimal digits.
    package var serialHex: String { serial.lowercaseHex }

    /// The fingerprint in lower-case hexadecimal digits.
    package var sha256Hex: String { sha256.lowercaseHex }

    /// The certificate with PEM boundaries (RFC 7468).
    package var certificatePEM: String {
        Self.encoding("certificate", of: name) { () throws(OpenSSLError) in
            try PEMDocument.encode(certificateDER, as: .certificate)
        }
    }

    /// The private key as unencrypted PKCS #8 in DER (RFC 5958), encoded at each call.
    package var privateKeyPKCS8: [UInt8] {
        Self.encoding("private key", of: name) { () throws(OpenSSLError) in
            try key.privateKeyDER()
        }
    }

    /// The private key as unencrypted PKCS #8 with PEM boundaries, encoded at each call.
    package var privateKeyPEM: String {
        Self.encoding("private key", of: name) { () throws(OpenSSLError) in
            try PEMDocument.encode(key.privateKeyDER(), as: .privateKey)
        }
    }

    /// Whether the two have the same public key.
    package func sharesKey(with other: PKIEntity) -> Bool {
        key.key.hasSamePublicKey(as: other.key.key)
    }

    /// An object that OpenSSL has just made can always be encoded, unless memory has run out.
    private static func encoding<Output>(
        _ object: String,
        of name: String,
        _ body: () throws(OpenSSLError) -> Output
    ) -> Output {
        do {
            return try body()
        } catch {
            fatalError("the \(object) of “\(name)”, minted by us, can't be encoded: \(error)")
        }
    }
}

extension PKIEntity: CustomStringConvertible, CustomReflectable {
    package var description: String { "PKIEntity(\(name), serial \(serialHex))" }

    package var customMirror: Mirror {
        Mirror(self, children: ["name": name, "serial": serialHex, "sha256": sha256Hex])
    }
}

extension [UInt8] {
    var lowercaseHex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }
}
