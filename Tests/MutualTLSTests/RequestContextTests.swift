import Testing

@testable import MutualTLS
@testable import OpenSSL

@Suite("The context of a CertificateRequest")
struct RequestContextTests {
    @Test(
        "is noticed in a TLS 1.3 handshake, where there must be none",
        arguments: [
            ([13, 0, 0, 3, 0, 0, 0], true, false), ([13, 0, 0, 4, 1, 0xAA, 0, 0], true, true),
            // In TLS 1.2 the number of certificate types stands there.
            ([13, 0, 0, 4, 1, 64, 0, 0], false, false),
            ([13, 0, 0, 0], true, false), ([13], true, false),
        ]
    )
    func noticed(message: [UInt8], isTLS13: Bool, hasContext: Bool) {
        let record = HandshakeRecord()
        record.notice(SSLHandshakeMessage(isOutgoing: false, type: 13, bytes: message), isTLS13: isTLS13)
        #expect(record.certificateRequested)
        #expect(record.hasRequestContext == hasContext)
    }

    @Test("is the peer's fault")
    func diagnosis() {
        let record = HandshakeRecord()
        record.localFault = .protocolViolation("The context.")
        let failure = ConnectionFailure(
            OpenSSLError(call: "test", entries: []),
            record: record,
            role: .client,
            phase: .handshake,
            expectedName: nil
        )
        #expect(failure.reason == .protocolError)
        #expect(failure.blame == .peer)
        #expect(failure.message == "The context.")
    }
}
