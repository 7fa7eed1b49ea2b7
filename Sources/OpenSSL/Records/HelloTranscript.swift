/// The messages that a TLS 1.3 client's handshake keys follow from: ClientHello to ServerHello, with both of a
/// HelloRetryRequest between them (RFC 8446 section 4.4.1).
struct HelloTranscript {
    private var messages: [[UInt8]] = []

    /// Keeps a message if it is one of these.
    mutating func notice(_ message: UnsafeRawBufferPointer) {
        guard let type = message.first,
            type == SSLHandshakeMessage.clientHello || type == SSLHandshakeMessage.serverHello
        else {
            return
        }
        messages.append([UInt8](message))
    }

    /// The digest of the transcript; nil before it is whole.
    func digest(_ algorithm: OpaquePointer) throws(OpenSSLError) -> [UInt8]? {
        let types = messages.compactMap(\.first)
        switch types {
        case [1, 2]: return try MessageDigest.digest(of: messages[0] + messages[1], by: algorithm)
        case [1, 2, 1, 2]:
            // The first ClientHello stands as message_hash (type 254).
            let first = try MessageDigest.digest(of: messages[0], by: algorithm)
            let replaced = [254, 0, 0, UInt8(first.count)] + first
            return try MessageDigest.digest(of: replaced + messages[1] + messages[2] + messages[3], by: algorithm)
        default: return nil
        }
    }
}
