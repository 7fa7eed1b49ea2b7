import Testing
import ThrowawayPKI

@Suite("Errors in recipes")
struct RecipeErrorTests {
    @Test(
        "A recipe that can't be minted is refused with the entry, what was expected, what was found and a hint",
        arguments: RefusedRecipe.all
    )
    func refusals(recipe: RefusedRecipe) throws {
        let error = try #require(throws: PKIError.self) { try mint(recipe.certificates, crls: recipe.lists) }
        #expect(error.code == recipe.code)
        #expect(error.entry == recipe.entry)
        #expect(error.found == recipe.found)
        #expect(error.nextStep.contains(recipe.hint))
    }

    @Test("An error reads as one sentence")
    func description() throws {
        let error = try #require(throws: PKIError.self) {
            try mint([
                CertificateRecipe(name: "root", isCA: true), CertificateRecipe(name: "server", issuer: "rot"),
            ])
        }
        #expect(
            error.description
                == "PKI entry “server”: expected issuer to name an entry of the recipe, found “rot”; "
                + "known are root"
        )
    }

    @Test("A part of the recipe that is not minted is checked all the same")
    func unminted() {
        #expect(throws: PKIError.self) {
            try mint(ordinaryPKI + [CertificateRecipe(name: "x", issuer: "nobody")], only: ["server"])
        }
    }

    @Test("Minting only an entry that doesn't exist is an error with the known names")
    func unknownSelection() throws {
        let error = try #require(throws: PKIError.self) { try mint(ordinaryPKI, only: ["sever"]) }
        #expect(error.code == .unknownEntry)
        #expect(error.entry == "sever")
        #expect(error.nextStep == "known are \(ordinaryPKI.map(\.name).joined(separator: ", "))")
    }
}
