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
