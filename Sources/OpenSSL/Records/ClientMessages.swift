internal import COpenSSL

/// What a client keeps of a handshake's messages, to say its alert as it should be said where libssl doesn't.
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

    /// What a client that failed sends in place of what libssl has written; nil where that is right, or can't be mended.
    func mended(_ written: [UInt8], on ssl: OpaquePointer, hasSentChangeCipherSpec: Bool) -> [UInt8]? {
        let alert = FailedClientAlert(written, hasSentChangeCipherSpec: hasSentChangeCipherSpec)
        if SSL_version(ssl) == TLS1_3_VERSION { return try? alert?.protected(on: ssl, after: hellos) }
        return lackSignatureAlgorithms ? alert?.saying(FailedClientAlert.decodeError) : nil
    }
}
