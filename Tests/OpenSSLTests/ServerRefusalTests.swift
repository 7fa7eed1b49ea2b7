import COpenSSL
import Testing

@testable import OpenSSL

@Suite("A client's refusal of its server")
struct ServerRefusalTests {
    private let earlier: [UInt8] = [22, 3, 1, 0, 0]
    private let changeCipherSpec: [UInt8] = [20, 3, 3, 0, 1, 1]

    @Test("sends change_cipher_spec once, before the protected alert", arguments: [false, true])
    func compatibility(hasSent: Bool) throws {
        let context = try SSLContext(SSLContextSettings(role: .client, minimumVersion: .tls13, maximumVersion: .tls13))
        let connection = try #require(SSL_new(context.pointer))
        defer { SSL_free(connection) }
        // TLS_AES_128_GCM_SHA256 (RFC 8446 appendix B.4).
        let suite = try #require(SSL_CIPHER_find(connection, [0x13, 0x01]))

        var refusal = ServerRefusal(alert: 48, output: earlier, hasSentChangeCipherSpec: hasSent)
        refusal.notice(
            keyLogLine: "CLIENT_HANDSHAKE_TRAFFIC_SECRET 00 " + String(repeating: "5a", count: 32)
        )
        #expect(refusal.end(suite: suite) == 48)
        #expect(refusal.isOver)
        let output = refusal.takeOutput()
        let before = earlier + (hasSent ? [] : changeCipherSpec)
        #expect(output.starts(with: before + [23, 3, 3, 0, 19]))
        #expect(output.count == before.count + 5 + 19)
        #expect(refusal.takeOutput() == [])
    }

    @Test("sends the alert alone when there are no keys to protect it with")
    func unprotected() {
        var refusal = ServerRefusal(alert: 48, output: earlier, hasSentChangeCipherSpec: false)
        #expect(refusal.end(suite: nil) == 48)
        #expect(refusal.takeOutput() == earlier + [21, 3, 3, 0, 2, 2, 48])
    }
}
