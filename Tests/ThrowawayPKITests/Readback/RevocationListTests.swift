import GnuTLSPeer
import Testing
import ThrowawayPKI

@Suite("Revocation lists, read back by GnuTLS")
struct RevocationListTests {
    @Test("A list has its issuer, its dates and the serial numbers of what it revokes")
    func fields() throws {
        let pki = try mint(
            ordinaryPKI,
            crls: [CRLRecipe(name: "crl", issuer: "root", revokes: ["client", "intermediate", "client"])]
        )
        let list = try read(list: "crl", of: pki)
        #expect(list.issuer == "CN=root")
        #expect(list.thisUpdate == Int(noon) - 3_600)
        #expect(list.nextUpdate == Int(noon) + 86_400)
        let revoked = try ["client", "intermediate"].map { try #require(pki[$0]).serial }
        #expect(Set(list.revokedSerials) == Set(revoked))
        #expect(list.revokedSerials.count == 2)
        #expect(try list.isIssued(by: read("root", of: pki)))
        #expect(try !list.isIssued(by: read("intermediate", of: pki)))
    }

    @Test("A list may be empty, and a stale one ends in the past")
    func stale() throws {
        let pki = try mint(
            ordinaryPKI,
            crls: [CRLRecipe(name: "crl", issuer: "intermediate", thisUpdate: -7_200, nextUpdate: -3_600)]
        )
        let list = try read(list: "crl", of: pki)
        #expect(list.issuer == "CN=intermediate")
        #expect(list.thisUpdate == Int(noon) - 7_200)
        #expect(list.nextUpdate == Int(noon) - 3_600)
        #expect(list.revokedSerials.isEmpty)
    }

    @Test("A forged list has the issuer's name and another's signature")
    func forged() throws {
        let pki = try mint(
            ordinaryPKI + [CertificateRecipe(name: "forger", isCA: true, subject: Subject(commonName: "root"))],
            crls: [CRLRecipe(name: "crl", issuer: "root", revokes: ["client"], signedBy: "forger")]
        )
        let list = try read(list: "crl", of: pki)
        #expect(list.issuer == "CN=root")
        #expect(try !list.isIssued(by: read("root", of: pki)))
    }

    // GnuTLS 3.7.9 verifies no RSASSA-PSS signature on a list; OpenSSL verifies this one.
    @Test("Every kind of key signs a list", arguments: KeyType.allCases.filter { $0 != .rsaPSS2048 })
    func keyTypes(type: KeyType) throws {
        let pki = try mint(
            [CertificateRecipe(name: "root", isCA: true, key: type)],
            crls: [CRLRecipe(name: "crl", issuer: "root", revokes: ["root"])]
        )
        #expect(try read(list: "crl", of: pki).isIssued(by: read("root", of: pki)))
    }

    @Test("A list revokes an entry that is not minted, since serial numbers are known beforehand")
    func unminted() throws {
        let lists = [CRLRecipe(name: "crl", issuer: "root", revokes: ["client"])]
        let part = try mint(ordinaryPKI, crls: lists, only: ["server"])
        let whole = try mint(ordinaryPKI, crls: lists)
        #expect(part["client"] == nil)
        #expect(try read(list: "crl", of: part).revokedSerials == [#require(whole["client"]).serial])
    }
}
