internal import COpenSSL

/// The distinguished names of a CertificateRequest (RFC 8446 section 4.2.4), ready to be handed to a connection.
package final class NameStack: @unchecked Sendable {
    // Safety: read only after init.
    let pointer: OpaquePointer
    /// The names, each once, in the order in which they came.
    package private(set) var names: [X509Name] = []

    /// Takes the names, and one that comes several times only once.
    package init(_ all: [X509Name]) throws(OpenSSLError) {
        pointer = try checkPointer("sk_X509_NAME_new_null") { COpenSSL_sk_X509_NAME_new_null() }
        var seen: Set<[UInt8]> = []
        for name in all where seen.insert(name.der).inserted {
            let copy = try X509Name.decoded(name.der)
            guard COpenSSL_sk_X509_NAME_push(pointer, copy) > 0 else {
                X509_NAME_free(copy)
                throw ErrorQueue.drain(call: "sk_X509_NAME_push")
            }
            names.append(name)
        }
    }

    /// Takes the subjects of the certificates, and a name that several of them share only once.
    package convenience init(subjectsOf certificates: [X509Certificate]) throws(OpenSSLError) {
        try self.init(certificates.map(\.subject))
    }

    deinit {
        COpenSSL_sk_X509_NAME_pop_free(pointer)
    }

    /// The length of the names as a CertificateRequest encodes them, in bytes.
    package var encodedLength: Int { names.reduce(0) { $0 + 2 + $1.der.count } }
}
