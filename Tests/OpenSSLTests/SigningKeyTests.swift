import OpenSSL
import OpenSSLMinting
import Testing

@Suite("Signing keys")
struct SigningKeyTests {
    @Test("encode as OpenSSL encodes them, scalars with leading zeros too", arguments: PrivateKeyTests.algorithms)
    func encoding(algorithm: EVPKey.Algorithm) throws {
        // One scalar in 256 begins with a zero octet.
        let isQuick = if case .ec = algorithm { true } else { false }
        for _ in 0..<(isQuick ? 600 : 2) {
            let key = try SigningKey(generating: algorithm)
            #expect(try key.privateKeyDER() == key.key.privateKeyDER())
        }
    }
}
