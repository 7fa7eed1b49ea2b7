internal import CGnuTLS

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
