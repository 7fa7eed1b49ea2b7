/// What is wrong with a CertificateRequest of TLS 1.2 and libssl calls a fault of its own (RFC 5246 section 7.4.4).
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
