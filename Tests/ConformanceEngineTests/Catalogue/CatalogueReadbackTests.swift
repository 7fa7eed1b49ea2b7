import ConformanceCatalogue
import ConformanceModel
import PKIReadback
import Testing
import ThrowawayPKI

@testable import ConformanceEngine

@Suite("Every recipe of the catalogue")
struct CatalogueReadbackTests {
    @Test("is minted as it says, field by field, in the eyes of GnuTLS")
    func readback() throws {
        let keys = KeyPool()
        let recipes = Set(try RepositoryCatalogue.catalogue.get().cases.map(\.pki))
        #expect(recipes.count > 100)
        for specification in recipes {
            let recipe = Recipe(specification)
            let pki = try PKI.mint(recipe, now: Present.now, seed: 11, keys: keys)
            let differences = try RecipeComparison(recipe: recipe, pki: pki, now: Present.now).differences()
            #expect(differences == [])
        }
    }
}
