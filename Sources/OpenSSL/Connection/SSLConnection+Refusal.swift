internal import COpenSSL

/// What a client does so that its server can read why it was refused.
extension SSLConnection {
    /// Takes what a client must know of the messages itself, before the delegate sees them.
    func notice(message: UnsafeRawBufferPointer, isOutgoing: Bool) {
        guard context.role == .client else { return }
        let isTLS13 = versionNumber == SSLProtocolVersion.tls13.rawValue
        messages.notice(message, isOutgoing: isOutgoing, isTLS13: isTLS13)
    }

    /// Holds a client's refusal of its server back until the keys for its alert are there.
    ///
    /// - Returns: false where libssl's own way is right: on servers, before TLS 1.3, for codes without an alert here.
    func holdRefusal(_ code: VerificationError) -> Bool {
        guard let alert = code.alert else { return false }
        return refuseServer(with: alert)
    }

    /// Ends a client's handshake with an alert as soon as it can be protected, from within the delegate's verification.
    ///
    /// - Returns: false on servers and before TLS 1.3, where nothing is done.
    package func refuseServer(with alert: UInt8) -> Bool {
        guard context.role == .client, versionNumber == SSLProtocolVersion.tls13.rawValue else { return false }
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
        let mended = messages.mended(written, on: pointer, hasSentChangeCipherSpec: hasSentChangeCipherSpec)
        // A queue takes what it has just given.
        try? output.write(mended ?? written)
        ErrorQueue.clear()
    }
}
