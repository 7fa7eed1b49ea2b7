import GnuTLSPeer
import Testing
import ThrowawayPKI

@Suite("Keys, read back by GnuTLS")
struct KeyPairTests {
    @Test("GnuTLS takes each kind of key with its certificate", arguments: KeyType.allCases)
    func match(type: KeyType) throws {
        let entity = try #require(try mint([CertificateRecipe(name: "a", key: type)])["a"])
        _ = try GnuTLSServer(GnuTLSServerSettings(identity: credential(entity.certificateDER, entity)))
    }

    // GnuTLS 3.7.9 signs and verifies a text to find a wrong key, except for Ed25519, where it takes any.
    @Test(
        "GnuTLS refuses each kind of key with the certificate of another key of this kind",
        arguments: KeyType.allCases.filter { $0 != .ed25519 }
    )
    func mismatch(type: KeyType) throws {
        let pki = try mint([CertificateRecipe(name: "a", key: type), CertificateRecipe(name: "b", key: type)])
        let certificate = try #require(pki["a"]).certificateDER
        let other = try #require(pki["b"])
        let error = try #require(throws: GnuTLSError.self) {
            try GnuTLSServer(GnuTLSServerSettings(identity: credential(certificate, other)))
        }
        #expect(error.name == "GNUTLS_E_CERTIFICATE_KEY_MISMATCH")
    }

    struct Expectation: Sendable {
        let type: KeyType
        let algorithm: String
        let bits: Int
        let curve: String?
        let signature: String
    }

    // GnuTLS counts whole octets, so P-521 has 528 bits there.
    @Test(
        "Each kind of key has its algorithm, size, curve and signature, and signs itself",
        arguments: [
            .init(type: .p256, algorithm: "EC/ECDSA", bits: 256, curve: "SECP256R1", signature: "ECDSA-SHA256"),
            .init(type: .p384, algorithm: "EC/ECDSA", bits: 384, curve: "SECP384R1", signature: "ECDSA-SHA256"),
            .init(type: .p521, algorithm: "EC/ECDSA", bits: 528, curve: "SECP521R1", signature: "ECDSA-SHA256"),
            .init(
                type: .ed25519,
                algorithm: "EdDSA (Ed25519)",
                bits: 256,
                curve: "Ed25519",
                signature: "EdDSA-Ed25519"
            ),
            .init(type: .rsa1024, algorithm: "RSA", bits: 1_024, curve: nil, signature: "RSA-SHA256"),
            .init(type: .rsa2048, algorithm: "RSA", bits: 2_048, curve: nil, signature: "RSA-SHA256"),
            .init(type: .rsa3072, algorithm: "RSA", bits: 3_072, curve: nil, signature: "RSA-SHA256"),
            .init(type: .rsaPSS2048, algorithm: "RSA-PSS", bits: 2_048, curve: nil, signature: "RSA-PSS-SHA256"),
        ] as [Expectation]
    )
    func algorithm(expectation: Expectation) throws {
        let certificate = try read(CertificateRecipe(name: "a", key: expectation.type))
        #expect(certificate.publicKeyAlgorithm == expectation.algorithm)
        #expect(certificate.publicKeyBits == expectation.bits)
        #expect(certificate.curve == expectation.curve)
        #expect(certificate.signatureAlgorithm == expectation.signature)
        #expect(try certificate.isIssued(by: certificate))
    }

    @Test(
        "The digest of a signature is the one of the recipe, with the algorithm of the issuer's key",
        arguments: [
            (.sha1, .p256, "ECDSA-SHA1"),
            (.sha384, .p384, "ECDSA-SHA384"),
            (.sha512, .p521, "ECDSA-SHA512"),
            (.sha1, .rsa2048, "RSA-SHA1"),
            (.sha512, .rsa2048, "RSA-SHA512"),
            (.sha384, .rsaPSS2048, "RSA-PSS-SHA384"),
            (.sha512, .ed25519, "EdDSA-Ed25519"),
        ] as [(SignatureDigest, KeyType, String)]
    )
    func digest(digest: SignatureDigest, issuer: KeyType, signature: String) throws {
        let pki = try mint([
            CertificateRecipe(name: "root", isCA: true, key: issuer),
            CertificateRecipe(name: "leaf", issuer: "root", key: .p256, signatureDigest: digest),
        ])
        let leaf = try read("leaf", of: pki)
        #expect(leaf.signatureAlgorithm == signature)
        #expect(leaf.publicKeyAlgorithm == "EC/ECDSA")
        #expect(try leaf.isIssued(by: read("root", of: pki)))
    }

    private func credential(_ certificate: [UInt8], _ keyOwner: PKIEntity) -> GnuTLSCredential {
        GnuTLSCredential(chain: [certificate], privateKey: keyOwner.privateKeyPKCS8)
    }
}
