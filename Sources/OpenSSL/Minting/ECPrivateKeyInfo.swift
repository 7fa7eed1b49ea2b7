internal import COpenSSL

/// The PKCS #8 form (RFC 5958) of a key on a curve, put together from its parts (RFC 5915).
///
/// `EVP_PKEY2PKCS8` of OpenSSL 3.0 looks its encoders up for each key, which takes longer than to make the key.
struct ECPrivateKeyInfo {
    let curve: EVPKey.Curve
    let privateKey: [UInt8]
    /// The uncompressed point.
    let publicKey: [UInt8]

    init(of key: EVPKey, on curve: EVPKey.Curve, publicKey: [UInt8]) throws(OpenSSLError) {
        self.curve = curve
        self.publicKey = publicKey
        var scalar: OpaquePointer?
        try check("EVP_PKEY_get_bn_param") {
            EVP_PKEY_get_bn_param(key.pointer, OSSL_PKEY_PARAM_PRIV_KEY, &scalar)
        }
        defer { BN_clear_free(scalar) }
        // RFC 5915 section 3: as long as the curve's order, which is a coordinate's length on these curves.
        var bytes = [UInt8](repeating: 0, count: (publicKey.count - 1) / 2)
        _ = try checkPositive("BN_bn2binpad") { BN_bn2binpad(scalar, &bytes, CInt(bytes.count)) }
        privateKey = bytes
    }

    var der: [UInt8] {
        let version: [UInt8] = [0x02, 0x01, 0x00]
        let ecVersion: [UInt8] = [0x02, 0x01, 0x01]
        let point = element(0xA1, element(0x03, [0] + publicKey))
        let ecPrivateKey = element(0x30, ecVersion + element(0x04, privateKey) + point)
        return element(0x30, version + element(0x30, Self.ecPublicKey + curve.identifier) + element(0x04, ecPrivateKey))
    }

    /// Tag, length and contents (X.690 section 8.1); nothing here has 64 KiB.
    private func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let length = contents.count
        let octets = [UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)]
        return switch length {
        case ..<0x80: [tag, octets[1]] + contents
        case ..<0x100: [tag, 0x81, octets[1]] + contents
        default: [tag, 0x82] + octets + contents
        }
    }

    /// id-ecPublicKey (RFC 5480 section 2.1.1), 1.2.840.10045.2.1.
    private static let ecPublicKey: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
}

extension EVPKey.Curve {
    /// The curve's object identifier in DER (RFC 5480 section 2.1.1.1).
    fileprivate var identifier: [UInt8] {
        switch self {
        case .p256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]
        }
    }
}
