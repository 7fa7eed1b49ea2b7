import Testing
import ThrowawayPKI

@Suite("Minting a part of a recipe")
struct SelectionTests {
    private let lists = [
        CRLRecipe(name: "root-crl", issuer: "root", revokes: ["client"]),
        CRLRecipe(name: "intermediate-crl", issuer: "intermediate", revokes: ["server"]),
    ]

    @Test(
        "The named entries are minted with their issuers and their issuers' revocation lists",
        arguments: [
            (["server"], ["root", "intermediate", "server"], ["root-crl", "intermediate-crl"]),
            (["client"], ["root", "client"], ["root-crl"]),
            (["client", "intermediate"], ["root", "client", "intermediate"], ["root-crl", "intermediate-crl"]),
            (["intermediate-crl"], ["root", "intermediate"], ["root-crl", "intermediate-crl"]),
            ([], [], []),
        ] as [(Set<String>, [String], [String])]
    )
    func selection(only: Set<String>, names: [String], lists expected: [String]) throws {
        let pki = try mint(ordinaryPKI, crls: lists, only: only)
        #expect(pki.names == names)
        #expect(pki.revocationListNames == expected)
    }

    @Test("Issuers come first, whatever the order of the recipe")
    func order() throws {
        #expect(try mint(ordinaryPKI.reversed()).names == ["root", "client", "intermediate", "server"])
    }
}
