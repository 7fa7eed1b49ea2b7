internal import COpenSSL

/// A certificate revocation list (RFC 5280 section 5), counted by OpenSSL and never changed after its creation.
package final class X509RevocationList: @unchecked Sendable {
    // Safety: read only after init.
    let pointer: OpaquePointer

    /// Decodes one DER list that fills `der` to its end.
    package init(der: [UInt8]) throws(OpenSSLError) {
        var consumed = 0
        pointer = try checkPointer("d2i_X509_CRL") {
            der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var cursor = buffer.baseAddress
                guard let start = cursor, let list = d2i_X509_CRL(nil, &cursor, buffer.count) else { return nil }
                consumed = cursor.map { $0 - start } ?? 0
                return list
            }
        }
        guard consumed == der.count else {
            throw OpenSSLError(call: "d2i_X509_CRL: \(der.count - consumed) bytes follow the list", entries: [])
        }
    }

    deinit {
        X509_CRL_free(pointer)
    }

    package var issuer: X509Name { X509Name(copying: X509_CRL_get_issuer(pointer)) }
    /// When the list was issued, in seconds since 1970-01-01 UTC.
    package var thisUpdate: Int64? { secondsSinceEpoch(X509_CRL_get0_lastUpdate(pointer)) }
    /// When the next one is due, in seconds since 1970-01-01 UTC; after that this one is stale.
    package var nextUpdate: Int64? { secondsSinceEpoch(X509_CRL_get0_nextUpdate(pointer)) }
    /// The DER encoding, as it was received or made.
    package var der: [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509_CRL(pointer, &buffer)
        guard length > 0, let buffer else { return [] }
        defer { CRYPTO_free(buffer, nil, 0) }
        return [UInt8](UnsafeBufferPointer(start: buffer, count: Int(length)))
    }
}

/// A `STACK_OF(X509_CRL)` that owns one reference to each of its lists and is never changed once made.
package final class RevocationListStack: @unchecked Sendable {
    // Safety: read only after init.
    let pointer: OpaquePointer

    package init(_ lists: [X509RevocationList]) throws(OpenSSLError) {
        pointer = try checkPointer("sk_X509_CRL_new_null") { COpenSSL_sk_X509_CRL_new_null() }
        for list in lists {
            _ = try checkPositive("sk_X509_CRL_push") { COpenSSL_sk_X509_CRL_push(pointer, list.pointer) }
            X509_CRL_up_ref(list.pointer)
        }
    }

    deinit {
        COpenSSL_sk_X509_CRL_pop_free(pointer)
    }
}
