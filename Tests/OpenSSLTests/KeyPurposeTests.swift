import OpenSSL
import OpenSSLMinting
import Testing

@Suite("Key purposes")
struct KeyPurposeTests {
    @Test(
        "are those that the certificate names, and no others",
        arguments: Self.certificates
    )
    func named(_ usages: [String], purposes: KeyPurposes) throws {
        let minted = try Minted.root("root", extensions: [.extendedKeyUsage(usages)])
        let known: KeyPurposes = [.any, .clientAuthentication, .serverAuthentication]
        #expect(minted.certificate.keyPurposes.intersection(known) == purposes)
    }

    static let certificates: [([String], KeyPurposes)] = [
        (["1.3.6.1.5.5.7.3.1"], .serverAuthentication),
        (["1.3.6.1.5.5.7.3.2"], .clientAuthentication),
        (["2.5.29.37.0"], .any),
        (["1.3.6.1.5.5.7.3.3"], []),
        (["1.2.3.4"], []),
        (["1.2.3.4", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"], [.clientAuthentication, .serverAuthentication]),
    ]

    @Test("are none without the extension")
    func absent() throws {
        let minted = try Minted.root("root")
        #expect(minted.certificate.keyPurposes.isEmpty)
        #expect(!minted.certificate.hasExtendedKeyUsageExtension)
    }
}
