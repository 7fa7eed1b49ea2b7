internal import COpenSSL

/// A distinguished name, copied out of OpenSSL.
package struct X509Name: Sendable, Hashable {
    /// The DER encoding (RFC 5280 section 4.1.2.4), as it stood in the certificate.
    package let der: [UInt8]
    /// The text of RFC 4514, in which control characters are escaped.
    package let text: String

    init(copying name: OpaquePointer?) {
        der = X509Name.encoding(of: name)
        text = X509Name.text(of: name)
    }

    /// Decodes a name that fills the bytes to their end.
    package init(der: [UInt8]) throws(OpenSSLError) {
        let name = try X509Name.decoded(der)
        defer { X509_NAME_free(name) }
        self.init(copying: name)
    }

    /// The name as a new object, which the caller frees or hands over.
    static func decoded(_ der: [UInt8]) throws(OpenSSLError) -> OpaquePointer {
        var consumed = 0
        let name = try checkPointer("d2i_X509_NAME") {
            der.withUnsafeBufferPointer { bytes in
                var position = bytes.baseAddress
                let name = d2i_X509_NAME(nil, &position, bytes.count)
                consumed = position.flatMap { end in bytes.baseAddress.map { end - $0 } } ?? 0
                return name
            }
        }
        guard consumed == der.count else {
            X509_NAME_free(name)
            throw OpenSSLError(call: "d2i_X509_NAME", entries: [])
        }
        return name
    }

    private static func encoding(of name: OpaquePointer?) -> [UInt8] {
        var bytes: UnsafePointer<UInt8>?
        var length = 0
        guard let name, X509_NAME_get0_der(name, &bytes, &length) == 1, let bytes else { return [] }
        return [UInt8](UnsafeBufferPointer(start: bytes, count: length))
    }

    private static func text(of name: OpaquePointer?) -> String {
        guard let name, let output = try? MemoryBIO() else { return "" }
        // UTF-8 stays readable: only the escapes that RFC 4514 asks for, and those of control characters.
        let flags = COpenSSL_XN_FLAG_RFC2253() & ~UInt(ASN1_STRFLGS_ESC_MSB)
        guard X509_NAME_print_ex(output.pointer, name, 0, flags) >= 0 else { return "" }
        return String(decoding: output.readAll(), as: UTF8.self)
    }
}

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
