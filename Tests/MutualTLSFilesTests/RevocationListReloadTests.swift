import MutualTLS
import MutualTLSFiles
import Testing
import ThrowawayPKI

@Suite("Revocation lists that change")
struct RevocationListReloadTests {
    @Test("New lists reach the settings that follow the files, and a damaged file keeps the last good ones")
    func follow() throws {
        let pki = try PKI.mint(
            Recipe(
                certificates: [
                    CertificateRecipe(name: "root", isCA: true), CertificateRecipe(name: "client", issuer: "root"),
                ],
                revocationLists: [
                    CRLRecipe(name: "before", issuer: "root"),
                    CRLRecipe(name: "after", issuer: "root", revokes: ["client"]),
                ]
            ),
            now: noon.secondsSinceEpoch,
            seed: 1,
            keys: KeyPool()
        )
        let folder = try ScratchFolder()
        try folder.write(try #require(pki.crlPEM("before")), to: "list.pem")
        let reloader = try RevocationListReloader(RevocationListFiles(folder.path("list.pem")), at: noon)
        let manager = RevocationListManager([])
        reloader.keepUpdated(manager)
        let (followed, managed) = (RevocationPolicy.leaf(from: reloader), RevocationPolicy.chain(from: manager))
        #expect(followed.lists.map(\.derBytes) == [try #require(pki.crl("before"))])

        try folder.write(try #require(pki.crlPEM("after")), to: "list.pem")
        reloader.check(at: noon)
        #expect(followed.lists.map(\.derBytes) == [try #require(pki.crl("after"))])
        #expect(managed.lists.map(\.derBytes) == [try #require(pki.crl("after"))])

        try folder.write("-----BEGIN X509 CRL-----", to: "list.pem")
        reloader.check(at: noon)
        #expect(!reloader.status.isCurrent)
        #expect(followed.lists.map(\.derBytes) == [try #require(pki.crl("after"))])
    }
}
