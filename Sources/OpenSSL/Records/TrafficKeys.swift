/// The key and the nonce that protect one direction's records under one traffic secret (RFC 8446 section 7.3).
struct TrafficKeys {
    let key: [UInt8]
    let iv: [UInt8]

    init(secret: [UInt8], digest: OpaquePointer, keyLength: Int) throws(OpenSSLError) {
        key = try Self.expand(secret, label: "key", length: keyLength, digest: digest)
        // RFC 8446 section 5.3: twelve bytes for every cipher suite of TLS 1.3.
        iv = try Self.expand(secret, label: "iv", length: 12, digest: digest)
    }

    /// HKDF-Expand-Label (RFC 8446 section 7.1).
    static func expand(
        _ secret: [UInt8],
        label: String,
        context: [UInt8] = [],
        length: Int,
        digest: OpaquePointer
    ) throws(OpenSSLError) -> [UInt8] {
        let label = Array("tls13 \(label)".utf8)
        let info =
            [UInt8(length >> 8), UInt8(length & 0xFF), UInt8(label.count)] + label + [UInt8(context.count)] + context
        return try HKDF.expand(secret, info: info, length: length, digest: digest)
    }
}
