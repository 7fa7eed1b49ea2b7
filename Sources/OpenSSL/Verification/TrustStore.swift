internal import COpenSSL

/// The trust anchors of a verification, counted by OpenSSL.
///
/// It is filled in `init` and only read afterwards, under OpenSSL's own lock.
package final class TrustStore: @unchecked Sendable {
    // Safety: read only after init.
    let pointer: OpaquePointer

    package init(_ certificates: [X509Certificate]) throws(OpenSSLError) {
        pointer = try checkPointer("X509_STORE_new") { X509_STORE_new() }
        for certificate in certificates {
            try check("X509_STORE_add_cert") { X509_STORE_add_cert(pointer, certificate.pointer) }
        }
    }

    deinit {
        X509_STORE_free(pointer)
    }
}
