import Testing

@testable import Conformance

/// The scenarios of this repository, loaded once.
enum RealCatalogue {
    static let directory = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/scenarios"
    static let catalogue = Result { try Catalogue.load(directory: directory) }
}

@Suite("The catalogue of this repository")
struct RealCatalogueTests {
    @Test("No scenario disagrees with the oracle, and each case that must be refused has its control")
    func agreement() throws {
        let cases = try RealCatalogue.catalogue.get().cases
        let disagreements = Agreement.disagreements(of: cases, oracle: Oracle())
        #expect(disagreements.isEmpty, "\(disagreements.prefix(20).joined(separator: "\n"))")
    }

    @Test("Every rule is hit by at least one case")
    func ruleHits() throws {
        let cases = try RealCatalogue.catalogue.get().cases
        var missing = Set(Rule.allCases.map(\.rawValue))
        for conformanceCase in cases {
            missing.subtract(Oracle().expectation(for: conformanceCase).rules)
        }
        #expect(missing.isEmpty)
    }
}
