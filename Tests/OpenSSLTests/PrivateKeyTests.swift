import OpenSSL
import OpenSSLMinting
import Testing

@Suite("Private keys in DER")
struct PrivateKeyTests {
    @Test("decode as what was encoded, again and again", arguments: algorithms)
    func roundTrip(algorithm: EVPKey.Algorithm) throws {
        let keys = try (0..<2).map { _ in try EVPKey.generate(algorithm) }
        for key in keys + keys {
            let decoded = try EVPKey(privateKeyDER: key.privateKeyDER())
            #expect(decoded.hasSamePublicKey(as: key))
            #expect(try decoded.privateKeyDER() == key.privateKeyDER())
        }
    }

    @Test("in the older form of RSA (RFC 8017 appendix A.1.2) decode too")
    func olderForm() throws {
        let key = try EVPKey.generate(.rsa(bits: 2_048))
        // Version, algorithm and the octet string's header stand before it in PKCS #8.
        let older = Array(try key.privateKeyDER().dropFirst(26))
        #expect(try EVPKey(privateKeyDER: older).hasSamePublicKey(as: key))
    }

    @Test("that are damaged are refused, and the next one decodes all the same", arguments: [0, 1, 20, 40, 90])
    func damaged(kept: Int) throws {
        let key = try EVPKey.generate(.ec(curve: .p256))
        let der = try key.privateKeyDER()
        #expect(throws: OpenSSLError.self) { try EVPKey(privateKeyDER: Array(der.prefix(kept))) }
        #expect(throws: OpenSSLError.self) { try EVPKey(privateKeyDER: Array(der.reversed())) }
        #expect(try EVPKey(privateKeyDER: der).hasSamePublicKey(as: key))
    }

    @Test("decode on several threads at once, each as its own")
    func parallel() async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let keys = try Self.algorithms.map { try EVPKey.generate($0) }
                    return try (0..<200).count { turn in
                        let key = keys[turn % keys.count]
                        return try EVPKey(privateKeyDER: key.privateKeyDER()).hasSamePublicKey(as: key)
                    }
                }
            }
            for try await same in group { #expect(same == 200) }
        }
    }

    static let algorithms: [EVPKey.Algorithm] = [
        .ec(curve: .p256), .ec(curve: .p384), .ec(curve: .p521), .ed25519, .rsa(bits: 1_024), .rsaPSS(bits: 1_024),
    ]
}
