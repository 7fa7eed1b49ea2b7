internal import COpenSSL

/// A fatal alert that libssl has written in plaintext at the end of a client's bytes.
struct FailedClientAlert {
    private let before: ArraySlice<UInt8>
    private var description: UInt8
    private let hasSentChangeCipherSpec: Bool

    /// It is nil when the bytes don't end with such a record.
    init?(_ written: [UInt8], hasSentChangeCipherSpec: Bool) {
        // Content type, version, a length of 2, and the level (RFC 8446 sections 5.1 and 6).
        guard let description = written.last, written.dropLast().suffix(6) == [21, 3, 3, 0, 2, 2] else { return nil }
        before = written.dropLast(7)
        self.description = description
        self.hasSentChangeCipherSpec = hasSentChangeCipherSpec
    }

    /// The same with another alert in the place of this one.
    func saying(_ description: UInt8) -> FailedClientAlert {
        var copy = self
        copy.description = description
        return copy
    }

    /// The bytes with the alert in the clear.
    var inTheClear: [UInt8] { before + [21, 3, 3, 0, 2, 2, description] }

    /// decode_error (RFC 5246 section 7.2).
    static let decodeError: UInt8 = 50

    /// The bytes with the alert protected under the client's handshake traffic secret; nil where that can't be known.
    func protected(on ssl: OpaquePointer, after hellos: HelloTranscript) throws(OpenSSLError) -> [UInt8]? {
        guard let suite = SSL_get_pending_cipher(ssl),
            let alert = try EncryptedAlert(description: description, on: ssl, suite: suite, after: hellos)
        else {
            return nil
        }
        return before + ServerRefusal.changeCipherSpec(unless: hasSentChangeCipherSpec) + alert.record
    }
}

/// The handshake messages that a client keeps, to send its alert as the RFC asks where libssl doesn't.
struct ClientMessages {
    private var hellos = HelloTranscript()
    /// Whether a server of TLS 1.2 asked for a certificate and named no signature algorithm; see
    /// ``CertificateRequestFault``.
    private(set) var lackSignatureAlgorithms = false

    mutating func notice(_ message: UnsafeRawBufferPointer, isOutgoing: Bool, isTLS13: Bool) {
        hellos.notice(message)
        if !isOutgoing, !isTLS13, message.first == SSLHandshakeMessage.certificateRequest {
            lackSignatureAlgorithms = CertificateRequestFault.lacksSignatureAlgorithms(message)
        }
    }

    /// Whether an alert could be protected now: a ServerHello has come, and the secret follows from what is known.
    func canProtectAlert(on ssl: OpaquePointer) -> Bool {
        guard let suite = SSL_get_pending_cipher(ssl) else { return false }
        return (try? EncryptedAlert(description: 0, on: ssl, suite: suite, after: hellos)) != nil
    }

    /// The bytes that a client that failed sends in place of libssl's; nil where those are right, or can't be mended.
    ///
    /// - Parameter chosen: the alert to say, if it isn't libssl's.
    func mended(
        _ written: [UInt8],
        on ssl: OpaquePointer,
        hasSentChangeCipherSpec: Bool,
        saying chosen: UInt8?
    ) -> [UInt8]? {
        guard var alert = FailedClientAlert(written, hasSentChangeCipherSpec: hasSentChangeCipherSpec) else {
            return nil
        }
        if let chosen { alert = alert.saying(chosen) }
        guard SSL_version(ssl) == TLS1_3_VERSION else { return chosen == nil ? nil : alert.inTheClear }
        return (try? alert.protected(on: ssl, after: hellos)) ?? alert.inTheClear
    }
}

/// A fault in a CertificateRequest of TLS 1.2 that libssl calls a fault of its own (RFC 5246 section 7.4.4).
enum CertificateRequestFault {
    /// Whether the list of signature algorithms is empty, of which at least one must stand there: libssl answers with
    /// internal_error, where the message is the peer's mistake.
    ///
    /// - Parameter message: with its header of four bytes.
    static func lacksSignatureAlgorithms(_ message: UnsafeRawBufferPointer) -> Bool {
        guard message.count > 4 else { return false }
        let algorithms = 5 + Int(message[4])
        guard message.count >= algorithms + 2 else { return false }
        return message[algorithms] == 0 && message[algorithms + 1] == 0
    }
}

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
        case [1, 2]: return try OpenSSL.digest(of: messages[0] + messages[1], by: algorithm)
        case [1, 2, 1, 2]:
            // The first ClientHello stands as message_hash (type 254).
            let first = try OpenSSL.digest(of: messages[0], by: algorithm)
            let replaced = [254, 0, 0, UInt8(first.count)] + first
            return try OpenSSL.digest(of: replaced + messages[1] + messages[2] + messages[3], by: algorithm)
        default: return nil
        }
    }
}
