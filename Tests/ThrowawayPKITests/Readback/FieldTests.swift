import GnuTLSPeer
import Testing
import ThrowawayPKI

@Suite("Fields of a certificate, read back by GnuTLS")
struct FieldTests {
    @Test("A recipe without wishes is an ordinary certificate of today")
    func defaults() throws {
        let pki = try mint([
            CertificateRecipe(name: "root", isCA: true), CertificateRecipe(name: "leaf", issuer: "root"),
        ])
        let entity = try #require(pki["leaf"])
        let leaf = try read("leaf", of: pki)
        #expect(leaf.version == 3)
        #expect(leaf.serial == entity.serial)
        #expect(leaf.subject == "CN=leaf")
        #expect(leaf.issuer == "CN=root")
        #expect(leaf.notBefore == Int(noon) - 3_600)
        #expect(leaf.notAfter == Int(noon) + 86_400)
        #expect(leaf.curve == "SECP256R1")
        #expect(!leaf.isCA)
        #expect(leaf.keyUsage == ["digitalSignature"])
        #expect(leaf.extendedKeyUsage.isEmpty)
        #expect(leaf.subjectAltNames == GnuTLSGeneralNames())
        #expect(leaf.sha256Fingerprint == entity.sha256)
        let root = try read("root", of: pki)
        #expect(root.isCA)
        #expect(root.pathLength == nil)
        #expect(root.keyUsage == ["keyCertSign", "cRLSign"])
    }

    @Test(
        "A subject has the attributes of the recipe and no other",
        arguments: [
            (Subject(commonName: "näme, of=all+sorts"), #"CN=näme\, of=all\+sorts"#),
            (Subject(commonName: "a", organization: "O"), "CN=a,O=O"),
            (Subject(organization: "O"), "O=O"),
            (Subject(), ""),
        ]
    )
    func subject(subject: Subject, text: String) throws {
        #expect(try read(CertificateRecipe(name: "a", subject: subject)).subject == text)
    }

    @Test(
        "A serial number is written as given, in its shortest form",
        arguments: [
            ([1], [1]),
            ([0, 0, 7], [7]),
            ([0x80], [0, 0x80]),
            ([UInt8](repeating: 0x7F, count: 20), [UInt8](repeating: 0x7F, count: 20)),
        ] as [([UInt8], [UInt8])]
    )
    func serial(given: [UInt8], written: [UInt8]) throws {
        #expect(try read(CertificateRecipe(name: "a", serial: given)).serial == written)
    }

    @Test("Version 1 has no extension, whether it is a CA or not", arguments: [false, true])
    func version1(isCA: Bool) throws {
        let pki = try mint([
            CertificateRecipe(name: "root", isCA: true),
            CertificateRecipe(name: "old", issuer: "root", isCA: isCA, version: 1),
            CertificateRecipe(name: "leaf", issuer: "old"),
        ])
        let old = try read("old", of: pki)
        #expect(old.version == 1)
        #expect(old.extensions.isEmpty)
        #expect(!old.isCA)
        #expect(try old.isIssued(by: read("root", of: pki)))
        #expect(try read("leaf", of: pki).isIssued(by: old))
    }

    @Test(
        "Validity is relative to now",
        arguments: [(-172_800, -86_400), (3_600, 7_200), (0, 1)] as [(Int64, Int64)]
    )
    func validity(from: Int64, to: Int64) throws {
        let certificate = try read(CertificateRecipe(name: "a", validFrom: from, validTo: to), now: 2_000_000_000)
        #expect(certificate.notBefore == 2_000_000_000 + Int(from))
        #expect(certificate.notAfter == 2_000_000_000 + Int(to))
    }

    @Test(
        "Years from 1950 to 2049 are written as UTCTime, others as GeneralizedTime",
        arguments: [
            (-631_152_001, 0x18, "19491231235959Z"),
            (-631_152_000, 0x17, "500101000000Z"),
            (2_524_607_999, 0x17, "491231235959Z"),
            (2_524_608_000, 0x18, "20500101000000Z"),
            (253_402_300_799, 0x18, "99991231235959Z"),
        ] as [(Int64, UInt8, String)]
    )
    func timeType(moment: Int64, tag: UInt8, text: String) throws {
        let isEarly = moment < 0
        let recipe = CertificateRecipe(
            name: "a",
            validFrom: isEarly ? moment : 0,
            validTo: isEarly ? 0 : moment
        )
        let entity = try #require(try mint([recipe], now: 0)["a"])
        let encoded = [tag, UInt8(text.utf8.count)] + Array(text.utf8)
        #expect(entity.certificateDER.firstRange(of: encoded) != nil)
    }
}
