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
}
