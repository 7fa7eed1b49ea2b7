internal import COpenSSL

/// A session that a client may offer later, as bytes: no connection shares an `SSL_SESSION` with another.
///
/// It holds the secret that resumes the session: whoever reads it can take the client's place until it expires.
package struct EncodedSession: Sendable, Hashable {
    /// libssl's own encoding.
    package let bytes: [UInt8]
    /// How many seconds the server will remember it, as its ticket says; 0 says nothing before TLS 1.3, and
    /// "not at all" in TLS 1.3 (RFC 5077 section 3.3, RFC 8446 section 4.6.1).
    package let lifetimeHint: Int64
    package let isTLS13: Bool

    /// Encodes a session that can be resumed, or is nil for one that can't.
    init?(_ session: OpaquePointer?) {
        guard let session, SSL_SESSION_is_resumable(session) == 1 else { return nil }
        var buffer: UnsafeMutablePointer<UInt8>?
        let length = i2d_SSL_SESSION(session, &buffer)
        guard length > 0, let buffer else { return nil }
        defer { CRYPTO_clear_free(buffer, Int(length), nil, 0) }
        bytes = [UInt8](UnsafeBufferPointer(start: buffer, count: Int(length)))
        lifetimeHint = Int64(SSL_SESSION_get_ticket_lifetime_hint(session))
        isTLS13 = SSL_SESSION_get_protocol_version(session) == TLS1_3_VERSION
    }

    /// Takes bytes that were kept somewhere, or is nil if they don't decode as a session that can be resumed.
    package init?(decoding bytes: [UInt8]) {
        defer { ErrorQueue.clear() }
        guard let session = EncodedSession.decode(bytes) else { return nil }
        defer { SSL_SESSION_free(session) }
        guard let decoded = EncodedSession(session) else { return nil }
        self = decoded
    }

    /// Decodes into a reference that the caller frees.
    static func decode(_ bytes: [UInt8]) -> OpaquePointer? {
        bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let session = d2i_SSL_SESSION(nil, &cursor, buffer.count) else { return nil }
            guard cursor == buffer.baseAddress.map({ $0 + buffer.count }) else {
                SSL_SESSION_free(session)
                return nil
            }
            return session
        }
    }
}
