internal import CGnuTLS

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
