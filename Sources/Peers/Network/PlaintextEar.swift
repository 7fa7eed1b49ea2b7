/// A server's ear for a client that speaks HTTP before its TLS or without any.
///
/// Plaintext is kept away from the handshake, which goes on with the ClientHello behind it, so that the rest of the
/// client's behaviour can be seen too.
struct PlaintextEar {
    /// Bytes that are no TLS have come.
    private(set) var hasHeard = false
    /// A whole request without TLS was answered, which ends the connection.
    private(set) var hasAnswered = false
    private var heard: [UInt8] = []
    private var isTLS = false

    /// The bytes that are for the handshake.
    mutating func takeTLS(of bytes: [UInt8]) -> [UInt8] {
        if isTLS { return bytes }
        heard += bytes
        // RFC 8446 section 5.1: a handshake record of version 3.x.
        guard let start = heard.indices.first(where: { heard[$0] == 22 && $0 + 1 < heard.count && heard[$0 + 1] == 3 })
        else {
            let mayBegin = heard == [22]
            hasHeard = hasHeard || !mayBegin
            return []
        }
        isTLS = true
        hasHeard = start > 0
        return Array(heard[start...])
    }

    /// The answer of a server without TLS to the request that has come; nil while none is whole.
    mutating func answer() -> [UInt8]? {
        let isWhole = !isTLS && heard.suffix(4) == Array("\r\n\r\n".utf8)
        guard isWhole, !hasAnswered else { return nil }
        hasAnswered = true
        return Array("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n".utf8)
    }
}
