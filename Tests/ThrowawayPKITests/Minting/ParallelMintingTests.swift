import GnuTLSPeer
import Testing
import ThrowawayPKI

@Suite("Minting on several threads")
struct ParallelMintingTests {
    @Test("200 mints on 4 tasks give 200 sound PKIs with keys of their own")
    func parallel() async throws {
        let recipe = Recipe(
            certificates: ordinaryPKI + [CertificateRecipe(name: "rsa", issuer: "root", key: .rsa1024)],
            revocationLists: [CRLRecipe(name: "crl", issuer: "root", revokes: ["client"])]
        )
        let pool = KeyPool()
        let minted = try await withThrowingTaskGroup(of: [PKI].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try (0..<50).map { _ in try PKI.mint(recipe, now: noon, seed: 7, keys: pool) }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(minted.count == 200)
        #expect(pool.count == 1)
        var fingerprints: Set<[UInt8]> = []
        for pki in minted {
            for name in pki.names {
                fingerprints.insert(try #require(pki[name]).sha256)
            }
            #expect(pki["server"]?.serial == minted[0]["server"]?.serial)
        }
        #expect(fingerprints.count == 1_000)
        for pki in stride(from: 0, to: minted.count, by: 10).map({ minted[$0] }) {
            #expect(try read("server", of: pki).isIssued(by: read("intermediate", of: pki)))
            #expect(try read("rsa", of: pki).isIssued(by: read("root", of: pki)))
            #expect(try read(list: "crl", of: pki).isIssued(by: read("root", of: pki)))
        }
    }
}
