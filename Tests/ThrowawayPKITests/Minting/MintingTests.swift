import Testing
import ThrowawayPKI

@Suite("Minting")
struct MintingTests {
    @Test("An entry's issuers lead from the nearest one to the root")
    func issuers() throws {
        let pki = try mint(ordinaryPKI)
        #expect(pki.names == ["root", "intermediate", "server", "client"])
        #expect(pki.issuers(of: "server").map(\.name) == ["intermediate", "root"])
        #expect(pki.issuers(of: "root").isEmpty)
        #expect(pki.chain(of: "server").map(\.name) == ["server", "intermediate"])

    }

    @Test("A certificate is found again by its fingerprint and by its encoding")
    func lookup() throws {
        let pki = try mint(ordinaryPKI)
        for name in pki.names {
            let entity = try #require(pki[name])
            #expect(pki.name(ofSHA256: entity.sha256) == name)
            #expect(pki.name(ofDER: entity.certificateDER) == name)
        }
        #expect(pki.name(ofSHA256: [UInt8](repeating: 0, count: 32)) == nil)
        #expect(pki["nobody"] == nil)
    }

    @Test("Serial numbers depend on the seed and the name alone, and keys are new each time")
    func determinism() throws {
        let first = try mint(ordinaryPKI)
        let second = try mint(ordinaryPKI.reversed(), now: noon + 1)
        let other = try mint(ordinaryPKI, seed: 2)
        for name in first.names {
            let entity = try #require(first[name])
            #expect(entity.serial.count == 16)
            #expect(entity.serial[0] & 0xC0 == 0x40)
            #expect(entity.serial == second[name]?.serial)
            #expect(entity.serial != other[name]?.serial)
            #expect(try !entity.sharesKey(with: #require(second[name])))
        }
        #expect(first["root"]?.serialHex == "7b6843f4f9898123c485cbd887ca789d")
    }
}
