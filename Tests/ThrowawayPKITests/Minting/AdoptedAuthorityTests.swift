import GnuTLSPeer
import Testing
import ThrowawayPKI

@Suite("An authority that was made elsewhere")
struct AdoptedAuthorityTests {
    private let elsewhere: PKI

    init() throws {
        elsewhere = try mint(
            [
                CertificateRecipe(name: "ca", isCA: true, subject: Subject(commonName: "Test CA", organization: "X")),
                CertificateRecipe(name: "leaf", issuer: "ca"),
                CertificateRecipe(name: "past", isCA: true, validFrom: -172_800, validTo: -86_400),
            ],
            seed: 99
        )
    }

    @Test("issues what a recipe has below the entry that it stands in for, in its own name")
    func issues() throws {
        let minted = try PKI.mint(
            Recipe(certificates: ordinaryPKI, revocationLists: []),
            now: noon,
            seed: 1,
            keys: sharedKeys,
            adopting: ["root": authority("ca")]
        )
        #expect(minted["root"]?.certificateDER == elsewhere["ca"]?.certificateDER)
        let authority = try read("ca", of: elsewhere)
        for name in ["client", "intermediate"] {
            let issued = try read(name, of: minted)
            #expect(issued.issuer == authority.subject)
            #expect(try issued.isIssued(by: authority))
        }
        #expect(try !read("server", of: minted).isIssued(by: authority))
    }

    @Test(
        "one that can't issue is refused with the reason",
        arguments: [
            ("leaf", "leaf", "a certificate that may not issue others"), ("ca", "leaf", "another key"),
            ("past", "past", "one that is not valid now"),
        ]
    )
    func refused(_ certificate: String, _ key: String, _ found: String) throws {
        let error = #expect(throws: PKIError.self) { try authority(certificate, key: key) }
        #expect(error?.code == .badAuthority)
        #expect(error?.found == found)
    }

    /// GnuTLS reads no compressed point, and OpenSSL 3.0.2 hands out no other for its parameter of the public key.
    @Test("a certificate has the uncompressed point of a key whose file has the compressed one")
    func compressedPoint() throws {
        let ca = try #require(elsewhere["ca"])
        let minted = try PKI.mint(
            Recipe(certificates: [
                CertificateRecipe(name: "root", isCA: true),
                CertificateRecipe(name: "twin", issuer: "root", keyOf: "root"),
            ]),
            now: noon,
            seed: 1,
            keys: sharedKeys,
            adopting: [
                "root": AdoptedAuthority(
                    certificate: ca.certificateDER,
                    privateKey: compressed(p256: ca.privateKeyPKCS8),
                    now: noon
                )
            ]
        )
        #expect(try read("twin", of: minted).isIssued(by: read("ca", of: elsewhere)))
        #expect(minted["twin"]?.privateKeyPKCS8 == ca.privateKeyPKCS8)
    }

    @Test("its description shows no key")
    func description() throws {
        let text = "\(try authority("ca"))" + String(reflecting: try authority("ca"))
        #expect(!text.contains("key"))
    }

    private func authority(_ name: String, key: String? = nil) throws -> AdoptedAuthority {
        try AdoptedAuthority(
            certificate: try #require(elsewhere[name]).certificateDER,
            privateKey: try #require(elsewhere[key ?? name]).privateKeyPKCS8,
            now: noon
        )
    }

    /// The same key in PKCS #8 (RFC 5958, RFC 5915) with its point in the compressed form (SEC 1 section 2.3.3).
    private func compressed(p256 key: [UInt8]) throws -> [UInt8] {
        let sign: UInt8 = try #require(key.last).isMultiple(of: 2) ? 0x02 : 0x03
        let point = [sign] + key.suffix(64).prefix(32)
        let algorithm = try #require(key.firstRange(of: [0x30, 0x13]))
        let scalar = try #require(key.firstRange(of: [0x02, 0x01, 0x01, 0x04, 0x20]))
        return [0x30, 0x67, 0x02, 0x01, 0x00] + key[algorithm.lowerBound...].prefix(21) + [0x04, 0x4D, 0x30, 0x4B]
            + key[scalar.lowerBound...].prefix(37) + [0xA1, 0x24, 0x03, 0x22, 0x00] + point
    }
}
