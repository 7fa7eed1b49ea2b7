import MutualTLS
import Testing
import ThrowawayPKI

@Suite("Identities")
struct IdentityTests {
    @Test("need a certificate")
    func emptyChain() throws {
        let key = try shared.key("client")
        let error = try #require(throws: MutualTLSError.self) { try Identity(chain: [], privateKey: key) }
        #expect(error.code == .emptyChain)
    }

    @Test("need the key of their first certificate, and say whose it is")
    func mismatchedKey() throws {
        let leaf = try shared.certificate("by-intermediate")
        let intermediate = try shared.certificate("intermediate")
        let key = try shared.key("by-intermediate")
        let error = try #require(throws: MutualTLSError.self) {
            try Identity(chain: [intermediate, leaf], privateKey: key)
        }
        #expect(error.code == .mismatchedKey)
        #expect(error.message.contains("Expected the private key of CN=intermediate (serial "))
        #expect(error.message.contains("It belongs to certificate 2, CN=by-intermediate"))

        let other = try #require(throws: MutualTLSError.self) {
            try Identity(chain: [leaf], privateKey: shared.key("rsa-2048"))
        }
        #expect(other.code == .mismatchedKey)
        #expect(other.message.contains("RSA private key of 2048 bits"))
        #expect(other.message.contains(leaf.serialNumber))
    }

    @Test("never show their key")
    func descriptions() throws {
        let key = try shared.key("client")
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "EC private key of 256 bits")
        #expect(String(reflecting: key) == "EC private key of 256 bits")
        #expect(dumped == "- EC private key of 256 bits\n")
        #expect("\(try shared.identity("client"))".hasPrefix("CN=client (serial "))
    }
}
