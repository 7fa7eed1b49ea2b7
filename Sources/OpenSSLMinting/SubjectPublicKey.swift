internal import COpenSSL
internal import OpenSSL

/// The parts of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), taken from a key once and written into any
/// number of certificates.
///
/// `X509_set_pubkey` encodes and decodes the key through the provider for each certificate, which takes longer
/// than the signature; writing the parts costs next to nothing.
struct SubjectPublicKey: Sendable {
    /// The NID of the algorithm.
    let algorithm: CInt
    let parameters: Parameters
    /// The contents of the subjectPublicKey bit string.
    let bits: [UInt8]

    enum Parameters: Sendable {
        case absent
        case null
        /// A named curve (RFC 5480 section 2.1.1), by its NID.
        case curve(CInt)
    }

    init(of key: EVPKey, made algorithm: EVPKey.Algorithm) throws(OpenSSLError) {
        switch algorithm {
        case .ec(let curve):
            self.algorithm = NID_X9_62_id_ecPublicKey
            parameters = .curve(EC_curve_nist2nid(curve.rawValue))
            // `OSSL_PKEY_PARAM_PUB_KEY` is a compressed point in OpenSSL 3.0.2, Ubuntu 22.04's, and later in the form of the
            // key's file. RFC 5480 section 2.2 wants the uncompressed one supported, and GnuTLS reads no other.
            bits = try Self.octets(of: key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY)
        case .ed25519:
            self.algorithm = NID_ED25519
            parameters = .absent
            bits = try Self.octets(of: key, OSSL_PKEY_PARAM_PUB_KEY)
        case .rsa:
            self.algorithm = NID_rsaEncryption
            parameters = .null
            bits = try Self.encodedByOpenSSL(key)
        case .rsaPSS:
            self.algorithm = NID_rsassaPss
            parameters = .absent
            bits = try Self.encodedByOpenSSL(key)
        }
    }

    /// Fills an empty X509_PUBKEY.
    func write(into publicKey: OpaquePointer) throws(OpenSSLError) {
        let (type, value): (CInt, UnsafeMutableRawPointer?) =
            switch parameters {
            case .absent: (V_ASN1_UNDEF, nil)
            case .null: (V_ASN1_NULL, nil)
            case .curve(let nid): (V_ASN1_OBJECT, UnsafeMutableRawPointer(OBJ_nid2obj(nid)))
            }
        let copy = try checkPointer("OPENSSL_memdup") {
            bits.withUnsafeBytes { CRYPTO_memdup($0.baseAddress, $0.count, nil, 0) }
        }
        do throws(OpenSSLError) {
            // Success hands the copy over to the X509_PUBKEY.
            try check("X509_PUBKEY_set0_param") {
                X509_PUBKEY_set0_param(
                    publicKey,
                    OBJ_nid2obj(algorithm),
                    type,
                    value,
                    copy.assumingMemoryBound(to: UInt8.self),
                    CInt(bits.count)
                )
            }
        } catch {
            CRYPTO_free(copy, nil, 0)
            throw error
        }
    }

    private static func octets(of key: EVPKey, _ parameter: String) throws(OpenSSLError) -> [UInt8] {
        var length = 0
        // OpenSSL 3.0 doesn't look at the length when it writes a point; the longest, on P-521, has 133 octets.
        var buffer = [UInt8](repeating: 0, count: 256)
        try check("EVP_PKEY_get_octet_string_param") {
            EVP_PKEY_get_octet_string_param(key.pointer, parameter, &buffer, buffer.count, &length)
        }
        return Array(buffer[..<length])
    }

    private static func encodedByOpenSSL(_ key: EVPKey) throws(OpenSSLError) -> [UInt8] {
        var publicKey: OpaquePointer?
        try check("X509_PUBKEY_set") { X509_PUBKEY_set(&publicKey, key.pointer) }
        defer { X509_PUBKEY_free(publicKey) }
        var bits: UnsafePointer<UInt8>?
        var length: CInt = 0
        try check("X509_PUBKEY_get0_param") { X509_PUBKEY_get0_param(nil, &bits, &length, nil, publicKey) }
        return Array(UnsafeBufferPointer(start: bits, count: Int(length)))
    }
}
