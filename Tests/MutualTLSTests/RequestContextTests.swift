import Testing

@testable import MutualTLS
@testable import OpenSSL

@Suite("Faults of a CertificateRequest")
struct RequestContextTests {
    @Test(
        "are noticed in a TLS 1.3 handshake: a context, and no name among the authorities",
        arguments: [
            ([13, 0, 0, 3, 0, 0, 0], true, nil), ([13, 0, 0, 4, 1, 0xAA, 0, 0], true, .context),
            // In TLS 1.2 the number of certificate types stands there.
            ([13, 0, 0, 4, 1, 64, 0, 0], false, nil),
            ([13, 0, 0, 0], true, nil), ([13], true, nil),
            ([13, 0, 0, 9, 0, 0, 6, 0, 47, 0, 2, 0, 0], true, .noAuthorities),
            ([13, 0, 0, 14, 0, 0, 11, 0, 13, 0, 1, 7, 0, 47, 0, 2, 0, 0], true, .noAuthorities),
            ([13, 0, 0, 12, 0, 0, 9, 0, 47, 0, 5, 0, 3, 0, 1, 0x30], true, nil),
            ([13, 0, 0, 9, 0, 0, 6, 0, 47, 0, 9, 0], true, nil),
        ] as [([UInt8], Bool, CertificateRequestMessage.Fault?)]
    )
    func noticed(message: [UInt8], isTLS13: Bool, fault: CertificateRequestMessage.Fault?) {
        let record = HandshakeRecord()
        record.notice(SSLHandshakeMessage(isOutgoing: false, type: 13, bytes: message), isTLS13: isTLS13)
        #expect(record.certificateRequested)
        #expect(record.requestFault == fault)
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
