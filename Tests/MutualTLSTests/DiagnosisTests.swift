import Testing

@testable import MutualTLS
@testable import OpenSSL

@Suite("What OpenSSL's errors mean")
struct DiagnosisTests {
    @Test(
        "A Finished message that doesn't verify accuses no certificate, as a signature does",
        arguments: [(149, ConnectionFailure.Reason.protocolError, "Finished"), (123, .badSignature, "signature")]
    )
    func proofs(reason: Int32, expected: ConnectionFailure.Reason, word: String) {
        // ERR_LIB_SSL, with SSL_R_DIGEST_CHECK_FAILED and SSL_R_BAD_SIGNATURE.
        let error = OpenSSLError(
            call: "test",
            entries: [OpenSSLError.Entry(library: 20, reason: reason, text: "", data: "")]
        )
        let failure = ConnectionFailure(
            error,
            record: HandshakeRecord(),
            role: .server,
            phase: .handshake,
            expectedName: nil
        )
        #expect(failure.reason == expected)
        #expect(failure.blame == .peer)
        #expect(failure.message.contains("The client's \(word)"))
    }
}
