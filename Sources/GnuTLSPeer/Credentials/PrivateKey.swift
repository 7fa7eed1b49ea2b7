internal import CGnuTLS

/// Owns a `gnutls_privkey_t` until a credentials object takes it over.
struct PrivateKey: ~Copyable {
    private(set) var pointer: gnutls_privkey_t?

    /// Reads PKCS#8 in DER; GnuTLS also takes the older PKCS#1 and SEC 1 structures here.
    init(der: [UInt8]) throws(GnuTLSError) {
        pointer = nil
        try GnuTLSError.check(gnutls_privkey_init(&pointer), "making a private key")
        let result = der.withDatum {
            gnutls_privkey_import_x509_raw(pointer, &$0, GNUTLS_X509_FMT_DER, nil, GNUTLS_PKCS_PLAIN.rawValue)
        }
        try GnuTLSError.check(result, "reading a private key of \(der.count) bytes, expected unencrypted PKCS#8 in DER")
    }

    /// A key whose signatures are those of `original` with one bit flipped.
    init(corrupting original: consuming PrivateKey) throws(GnuTLSError) {
        pointer = nil
        try GnuTLSError.check(gnutls_privkey_init(&pointer), "making a private key")
        let signer = Unmanaged.passRetained(FaultySigner(original))
        let result = gnutls_privkey_import_ext4(
            pointer,
            signer.toOpaque(),
            signDataAndFlipBit,
            signHashAndFlipBit,
            nil,
            releaseSigner,
            describeSigner,
            0
        )
        // Only a successful import makes gnutls_privkey_deinit call releaseSigner.
        if result < 0 { signer.release() }
        try GnuTLSError.check(result, "making a private key that signs wrongly")
    }

    /// Gives the pointer away: the caller's C call has taken ownership.
    consuming func release() {
        pointer = nil
    }

    deinit {
        if let pointer { gnutls_privkey_deinit(pointer) }
    }
}

extension gnutls_datum_t {
    /// A copy of the bytes, so that nothing depends on GnuTLS's memory.
    var bytes: [UInt8] {
        guard let data else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: Int(size)))
    }
}

extension [UInt8] {
    /// Lends the bytes as a datum; GnuTLS's parameter isn't const, but it only reads.
    func withDatum<Result>(_ body: (inout gnutls_datum_t) -> Result) -> Result {
        withUnsafeBufferPointer { buffer in
            var datum = gnutls_datum_t(
                data: UnsafeMutablePointer(mutating: buffer.baseAddress),
                size: UInt32(buffer.count)
            )
            return body(&datum)
        }
    }
}

/// Memory that GnuTLS allocated for its caller, freed with GnuTLS's own allocator.
struct AllocatedDatum: ~Copyable {
    var datum = gnutls_datum_t(data: nil, size: 0)

    var bytes: [UInt8] { datum.bytes }
    var string: String { String(decoding: datum.bytes, as: UTF8.self) }

    deinit {
        CGnuTLS_free(datum.data)
    }
}

/// Signs with a real key, then flips the last bit of the signature.
///
/// The last byte is inside the integer `s` of an ECDSA signature, inside an RSA signature's number and inside the
/// scalar of an EdDSA one: the signature still parses, and does not verify.
final class FaultySigner {
    private let key: PrivateKey

    init(_ key: consuming PrivateKey) {
        self.key = key
    }

    func sign(hash: gnutls_datum_t, algorithm: gnutls_sign_algorithm_t, into signature: inout gnutls_datum_t) -> Int32 {
        var hash = hash
        return Self.flipped(gnutls_privkey_sign_hash2(key.pointer, algorithm, 0, &hash, &signature), &signature)
    }

    func sign(data: gnutls_datum_t, algorithm: gnutls_sign_algorithm_t, into signature: inout gnutls_datum_t) -> Int32 {
        var data = data
        return Self.flipped(gnutls_privkey_sign_data2(key.pointer, algorithm, 0, &data, &signature), &signature)
    }

    /// Answers GnuTLS's questions about an external key (`gnutls_privkey_info_func`).
    func describe(_ flags: UInt32) -> Int32 {
        var bits: UInt32 = 0
        let algorithm = gnutls_privkey_get_pk_algorithm(key.pointer, &bits)
        if flags & UInt32(GNUTLS_PRIVKEY_INFO_PK_ALGO) != 0 { return algorithm }
        if flags & UInt32(GNUTLS_PRIVKEY_INFO_PK_ALGO_BITS) != 0 { return Int32(bits) }
        guard flags & UInt32(GNUTLS_PRIVKEY_INFO_HAVE_SIGN_ALGO) != 0 else { return -1 }
        // GNUTLS_FLAGS_TO_SIGN_ALGO is a macro that Swift does not import.
        let signature = gnutls_sign_algorithm_t(rawValue: flags >> 20)
        let family = gnutls_pk_algorithm_t(rawValue: UInt32(bitPattern: algorithm))
        return gnutls_sign_supports_pk_algorithm(signature, family) != 0 ? 1 : 0
    }

    private static func flipped(_ result: Int32, _ signature: inout gnutls_datum_t) -> Int32 {
        if result >= 0, signature.size > 0 { signature.data[Int(signature.size) - 1] ^= 1 }
        return result
    }
}

// The private key's userdata is a retained FaultySigner: it lives until releaseSigner, which gnutls_privkey_deinit calls.

private func signer(_ userdata: UnsafeMutableRawPointer?) -> FaultySigner? {
    userdata.map { Unmanaged<FaultySigner>.fromOpaque($0).takeUnretainedValue() }
}

let signHashAndFlipBit: gnutls_privkey_sign_hash_func = { _, algorithm, userdata, _, hash, signature in
    guard let signer = signer(userdata), let hash, let signature else { return GNUTLS_E_INVALID_REQUEST }
    return signer.sign(hash: hash.pointee, algorithm: algorithm, into: &signature.pointee)
}

let signDataAndFlipBit: gnutls_privkey_sign_data_func = { _, algorithm, userdata, _, data, signature in
    guard let signer = signer(userdata), let data, let signature else { return GNUTLS_E_INVALID_REQUEST }
    return signer.sign(data: data.pointee, algorithm: algorithm, into: &signature.pointee)
}

let describeSigner: gnutls_privkey_info_func = { _, flags, userdata in
    signer(userdata)?.describe(flags) ?? -1
}

let releaseSigner: gnutls_privkey_deinit_func = { _, userdata in
    if let userdata { Unmanaged<FaultySigner>.fromOpaque(userdata).release() }
}
