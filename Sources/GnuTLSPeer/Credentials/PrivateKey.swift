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
