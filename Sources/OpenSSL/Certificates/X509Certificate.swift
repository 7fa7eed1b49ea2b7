internal import COpenSSL

/// An X.509 certificate, counted by OpenSSL.
///
/// It is never changed after its creation, which is what makes sharing it between threads sound: the lazily
/// decoded parts of an `X509` are guarded by a lock of OpenSSL's own.
package final class X509Certificate: @unchecked Sendable {
    package let pointer: OpaquePointer

    /// Takes over one reference, which the caller then no longer owns.
    package init(takingOwnershipOf pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Adds a reference of its own to one that somebody else goes on owning.
    init(retaining pointer: OpaquePointer) {
        X509_up_ref(pointer)
        self.pointer = pointer
    }

    /// Decodes one DER certificate (RFC 5280 section 4.1) that fills `der` to its end.
    package convenience init(der: [UInt8]) throws(OpenSSLError) {
        var consumed = 0
        let pointer = try checkPointer("d2i_X509") {
            der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var cursor = buffer.baseAddress
                guard let start = cursor, let certificate = d2i_X509(nil, &cursor, buffer.count) else { return nil }
                consumed = cursor.map { $0 - start } ?? 0
                return certificate
            }
        }
        self.init(takingOwnershipOf: pointer)
        guard consumed == der.count else {
            throw OpenSSLError(call: "d2i_X509: \(der.count - consumed) bytes follow the certificate", entries: [])
        }
    }

    deinit {
        X509_free(pointer)
    }

    /// The same for every value that shares one `X509`, and for no other one that is alive.
    package var sharedObject: Int { Int(bitPattern: pointer) }

    /// The DER encoding, as it was received or made.
    package var der: [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509(pointer, &buffer)
        guard length > 0, let buffer else { return [] }
        defer { CRYPTO_free(buffer, nil, 0) }
        return [UInt8](UnsafeBufferPointer(start: buffer, count: Int(length)))
    }
}

/// A `STACK_OF(X509)` that owns one reference to each of its certificates and is never changed once made.
final class CertificateStack: @unchecked Sendable {
    // Safety: read only after init.
    let pointer: OpaquePointer

    init(_ certificates: [X509Certificate]) throws(OpenSSLError) {
        pointer = try checkPointer("sk_X509_new_null") { COpenSSL_sk_X509_new_null() }
        for certificate in certificates {
            _ = try checkPositive("sk_X509_push") { COpenSSL_sk_X509_push(pointer, certificate.pointer) }
            X509_up_ref(certificate.pointer)
        }
    }

    deinit {
        COpenSSL_sk_X509_pop_free(pointer)
    }

    /// The certificates of a stack that somebody else owns, each with a reference of its own.
    static func certificates(in stack: OpaquePointer?) -> [X509Certificate] {
        guard let stack else { return [] }
        let count = COpenSSL_sk_X509_num(stack)
        var certificates: [X509Certificate] = []
        certificates.reserveCapacity(Int(count))
        for index in 0..<count {
            guard let certificate = COpenSSL_sk_X509_value(stack, index) else { continue }
            certificates.append(X509Certificate(retaining: certificate))
        }
        return certificates
    }
}
