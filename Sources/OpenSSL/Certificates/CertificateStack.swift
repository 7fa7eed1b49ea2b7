internal import COpenSSL

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
