import Testing
import ThrowawayPKI

@Suite("Keys")
struct KeyTests {
    @Test("Entries have different keys, unless one takes another's", arguments: KeyType.allCases)
    func distinctKeys(type: KeyType) throws {
        let pki = try mint([
            CertificateRecipe(name: "a", key: type),
            CertificateRecipe(name: "b", key: type),
            CertificateRecipe(name: "b again", keyOf: "b"),
            CertificateRecipe(name: "b once more", keyOf: "b again"),
        ])
        let entities = try ["a", "b", "b again", "b once more"].map { try #require(pki[$0]) }
        #expect(!entities[0].sharesKey(with: entities[1]))
        #expect(entities[1].sharesKey(with: entities[2]))
        #expect(entities[1].sharesKey(with: entities[3]))
    }

    @Test("RSA keys are made once for a pool and EC keys for each mint")
    func pool() throws {
        let pool = KeyPool()
        let recipe = Recipe(certificates: [
            CertificateRecipe(name: "small", key: .rsa1024),
            CertificateRecipe(name: "small too", key: .rsa1024),
            CertificateRecipe(name: "curve", key: .p256),
        ])
        let first = try PKI.mint(recipe, now: noon, seed: 1, keys: pool)
        #expect(pool.count == 2)
        let second = try PKI.mint(recipe, now: noon, seed: 1, keys: pool)
        #expect(pool.count == 2)
        for (name, isShared) in [("small", true), ("small too", true), ("curve", false)] {
            #expect(try #require(first[name]).sharesKey(with: #require(second[name])) == isShared)
        }
    }

    @Test("An entry has the same pooled key whether or not everything is minted")
    func selectionKeepsKeys() throws {
        let pool = KeyPool()
        let recipe = Recipe(certificates: [
            CertificateRecipe(name: "first", key: .rsa1024), CertificateRecipe(name: "second", key: .rsa1024),
        ])
        let one = try PKI.mint(recipe, now: noon, seed: 1, keys: pool, only: ["second"])
        #expect(pool.count == 1)
        let all = try PKI.mint(recipe, now: noon, seed: 1, keys: pool)
        #expect(try #require(one["second"]).sharesKey(with: #require(all["second"])))
    }

    @Test("Neither a description nor a dump of an entry shows its key")
    func secrecy() throws {
        let entity = try #require(try mint(ordinaryPKI)["server"])
        #expect(entity.description == "PKIEntity(server, serial \(entity.serialHex))")
        var dumped = ""
        dump(entity, to: &dumped)
        #expect(!dumped.lowercased().contains("key"))
        #expect(entity.privateKeyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(entity.certificatePEM.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
    }
}
