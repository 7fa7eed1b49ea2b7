internal import COpenSSL

/// A DER object between PEM boundaries (RFC 7468).
package enum PEMDocument {
    /// The labels of RFC 7468 that the minted objects need.
    package enum Label: String, Sendable {
        case certificate = "CERTIFICATE"
        case privateKey = "PRIVATE KEY"
        case revocationList = "X509 CRL"
    }

    /// The text of one object, with a line end after the closing boundary.
    package static func encode(_ der: [UInt8], as label: Label) throws(OpenSSLError) -> String {
        let queue = try MemoryBIO()
        _ = try checkPositive("PEM_write_bio") {
            PEM_write_bio(queue.pointer, label.rawValue, "", der, der.count)
        }
        return String(decoding: queue.readAll(), as: UTF8.self)
    }
}
