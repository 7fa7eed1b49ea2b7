internal import COpenSSL

/// A fatal alert that libssl has written in plaintext at the end of a client's bytes.
struct FailedClientAlert {
    private let before: ArraySlice<UInt8>
    private let description: UInt8
    private let hasSentChangeCipherSpec: Bool

    /// It is nil when the bytes don't end with such a record.
    init?(_ written: [UInt8], hasSentChangeCipherSpec: Bool) {
        // Content type, version, a length of 2, and the level (RFC 8446 sections 5.1 and 6).
        guard let description = written.last, written.dropLast().suffix(6) == [21, 3, 3, 0, 2, 2] else { return nil }
        before = written.dropLast(7)
        self.description = description
        self.hasSentChangeCipherSpec = hasSentChangeCipherSpec
    }

    /// The bytes with another alert in the place of this one.
    func saying(_ description: UInt8) -> [UInt8] {
        before + [21, 3, 3, 0, 2, 2, description]
    }

    /// decode_error (RFC 5246 section 7.2).
    static let decodeError: UInt8 = 50

    /// The bytes with the alert protected under the client's handshake traffic secret; nil where that can't be known.
    func protected(on ssl: OpaquePointer, after hellos: HelloTranscript) throws(OpenSSLError) -> [UInt8]? {
        guard let suite = SSL_get_pending_cipher(ssl), let digest = SSL_CIPHER_get_handshake_digest(suite),
            var secret = try ClientHandshakeSecret(of: ssl, transcript: hellos, digest: digest)
        else {
            return nil
        }
        defer { secret.cleanse() }
        guard let alert = try EncryptedAlert(description: description, secret: secret.bytes, suite: suite) else {
            return nil
        }
        return before + ServerRefusal.changeCipherSpec(unless: hasSentChangeCipherSpec) + alert.record
    }
}
