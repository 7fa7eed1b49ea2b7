import Testing
import ThrowawayPKI

@testable import ConformanceEngine

@Suite("Certificate fields")
struct CertificateFieldsTests {
    private static func mint() throws -> PKI {
        try PKI.mint(
            Recipe(certificates: [
                CertificateRecipe(name: "root", isCA: true), CertificateRecipe(name: "old", issuer: "root", version: 1),
                CertificateRecipe(name: "twin", isCA: true, subject: Subject(commonName: "root")),
            ]),
            now: 1_800_000_000,
            seed: 7,
            keys: KeyPool()
        )
    }

    @Test("reads the serial number that was minted, in versions 1 and 3", arguments: ["root", "old"])
    func serial(name: String) throws {
        let pki = try Self.mint()
        let entity = try #require(pki[name])
        #expect(CertificateFields(der: entity.certificateDER)?.serial == entity.serialHex)
    }

    @Test("reads one subject from two certificates of one name")
    func subject() throws {
        let pki = try Self.mint()
        let subjects = try ["root", "twin", "old"].map { name in
            let entity = try #require(pki[name])
            return try #require(CertificateFields(der: entity.certificateDER)?.subject)
        }
        #expect(subjects[0] == subjects[1])
        #expect(subjects[0] != subjects[2])
    }

    @Test("refuses a certificate that is cut short, wherever")
    func truncated() throws {
        let pki = try Self.mint()
        let der = try #require(pki["root"]).certificateDER
        for length in der.indices {
            #expect(CertificateFields(der: Array(der[..<length])) == nil)
        }
    }
}
