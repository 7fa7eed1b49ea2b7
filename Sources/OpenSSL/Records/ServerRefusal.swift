internal import COpenSSL

/// A TLS 1.3 client's refusal of its server's certificate, from the verification to the alert.
///
/// It is for key exchanges whose secret can't be derived again, as with a key encapsulation: all others end at once, with
/// an alert that ``ClientMessages`` protects. libssl knows the client's write keys only at the end of the server's flight.
/// Until then the refusal is held: libssl believes that the verification succeeded, reads the rest of the flight and
/// writes the client's, of which not a byte leaves. From the secret that it logs on the way the alert is protected, and
/// the connection is over. Nothing can be read, written or completed on a connection that holds a refusal.
struct ServerRefusal {
    static let error = OpenSSLError(call: "the server's certificate was refused", entries: [])

    private let alert: UInt8
    private let hasSentChangeCipherSpec: Bool
    /// The bytes that may leave: those from before the refusal, then the alert.
    private(set) var output: [UInt8]
    /// The client's handshake traffic secret (RFC 8446 section 7.1).
    private var secret: [UInt8]?
    private(set) var isOver = false

    init(alert: UInt8, output: [UInt8], hasSentChangeCipherSpec: Bool) {
        self.alert = alert
        self.output = output
        self.hasSentChangeCipherSpec = hasSentChangeCipherSpec
    }

    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    mutating func notice(keyLogLine line: String) {
        let fields = line.split(separator: " ")
        guard fields.count == 3, fields[0] == "CLIENT_HANDSHAKE_TRAFFIC_SECRET" else { return }
        secret = [UInt8](hexadecimal: fields[2])
    }

    /// Ends with bytes that libssl has written for a failure of its own.
    mutating func end(with bytes: [UInt8]) {
        output += bytes
        forget()
    }

    /// Ends with the alert, in plaintext should it not be possible to protect it: an alert that some servers can't
    /// read is better than none.
    ///
    /// - Returns: the alert that was sent.
    mutating func end(suite: OpaquePointer?) -> UInt8 {
        var record: [UInt8]?
        if let secret, let suite {
            record = try? EncryptedAlert(description: alert, secret: secret, suite: suite)?.record
        }
        if record != nil {
            output += Self.changeCipherSpec(unless: hasSentChangeCipherSpec)
        }
        output += record ?? [21, 3, 3, 0, 2, 2, alert]
        forget()
        return alert
    }

    /// In compatibility mode a client sends change_cipher_spec once, before its first protected record or with its
    /// second ClientHello (RFC 8446 appendix D.4). Middleboxes wait for it, and so do some servers.
    static func changeCipherSpec(unless hasSentIt: Bool) -> [UInt8] {
        hasSentIt ? [] : [20, 3, 3, 0, 1, 1]
    }

    private mutating func forget() {
        isOver = true
        secret?.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        secret = nil
    }
}

/// The alert that a client sends in a form that its server can read when the server is refused.
extension SSLConnection {
    /// Takes what a client must know of the messages itself, before the delegate sees them.
    func notice(message: UnsafeRawBufferPointer, isOutgoing: Bool) {
        guard context.role == .client else { return }
        let isTLS13 = versionNumber == SSLProtocolVersion.tls13.rawValue
        messages.notice(message, isOutgoing: isOutgoing, isTLS13: isTLS13)
    }

    /// Chooses the alert of a client whose delegate refuses its server, from within that verification.
    package func chooseAlert(_ alert: UInt8) {
        guard context.role == .client else { return }
        chosenAlert = alert
    }

    /// The alert to say in place of libssl's.
    var alertInstead: UInt8? {
        chosenAlert ?? (messages.lackSignatureAlgorithms ? FailedClientAlert.decodeError : nil)
    }

    /// Holds a client's refusal of its server back until the keys for its alert are there.
    ///
    /// - Returns: false where the handshake ends at once: on servers, before TLS 1.3, for codes without an alert here, and
    ///   wherever the alert can be protected already.
    func holdRefusal(_ code: VerificationError) -> Bool {
        guard context.role == .client, versionNumber == SSLProtocolVersion.tls13.rawValue,
            let alert = chosenAlert ?? code.alert, !messages.canProtectAlert(on: pointer)
        else {
            return false
        }
        refusal = ServerRefusal(
            alert: alert,
            output: output.readAll(),
            hasSentChangeCipherSpec: hasSentChangeCipherSpec
        )
        // The secret that protects the alert is still to come, and only the log tells it.
        context.logKeys(of: pointer)
        return true
    }

    func noticeChangeCipherSpec() {
        hasSentChangeCipherSpec = true
    }

    /// Whether the server was refused and the handshake only goes on to protect the alert.
    var hasRefusedServer: Bool { refusal != nil }

    func notice(keyLogLine line: String) {
        refusal?.notice(keyLogLine: line)
    }

    /// Ends a handshake whose server was refused; a completed one is none.
    func refuse(after outcome: SSLOutcome) -> SSLOutcome {
        if case .needsInput = outcome { return .needsInput }
        let written = output.readAll()
        if case .failed = outcome {
            // Something else was wrong as well, and libssl has written its own alert.
            refusal?.end(with: written)
        } else if let alert = refusal?.end(suite: SSL_get_current_cipher(pointer)) {
            delegate.connection(self, noticed: SSLAlert(code: alert, isFatal: true, isOutgoing: true))
        }
        ErrorQueue.clear()
        return .failed(ServerRefusal.error)
    }

    /// Says the alert of a failed client as it should be said where libssl has said it otherwise.
    func mendAlert() {
        guard context.role == .client else { return }
        let written = output.readAll()
        let mended = messages.mended(
            written,
            on: pointer,
            hasSentChangeCipherSpec: hasSentChangeCipherSpec,
            saying: alertInstead
        )
        // A queue takes what it has just given.
        output.write(mended ?? written)
        ErrorQueue.clear()
    }
}
