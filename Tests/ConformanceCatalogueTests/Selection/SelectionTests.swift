import ConformanceCatalogue
import ConformanceModel
import Testing

@Suite("Selecting cases")
struct SelectionTests {
    private let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue(scenarios: [
            Catalogue.scenario(yaml: ScenarioText.valid, file: ScenarioText.file)
        ])
    }

    private func complaint(_ globs: [String], _ stacks: [Stack] = []) -> String {
        do throws(ScenarioError) {
            _ = try catalogue.select(globs: globs, stacks: stacks)
            return ""
        } catch {
            return error.description
        }
    }

    @Test("No patterns and no stacks select everything")
    func everything() throws {
        #expect(try catalogue.select().count == 128)
    }

    @Test("Patterns select together, and a case only once")
    func patterns() throws {
        let selected = try catalogue.select(globs: ["area/topic/Request/none", "*/none/*"])
        #expect(selected.count == 32)
        #expect(selected.map(\.id) == selected.map(\.id).sorted())
    }

    @Test("A stack selects the cases in which it plays a side")
    func stacks() throws {
        #expect(try catalogue.select(stacks: [.gnutls]).count == 96)
        #expect(try catalogue.select(stacks: [.gnutls, .countersign]).count == 128)
        #expect(try catalogue.select(globs: ["*/countersign/countersign"], stacks: [.countersign]).count == 32)
    }

    @Test("A pattern that matches nothing is told with the nearest known ids")
    func nothing() {
        #expect(
            complaint(["area/topics"])
                == "no case has an id that matches “area/topics”; the nearest known are “area/topic”"
        )
        #expect(
            complaint(["area/topic/Reqest"])
                == "no case has an id that matches “area/topic/Reqest”; the nearest known are “area/topic/Request”"
        )
        #expect(
            complaint(["elsewhere/at-all"])
                == "no case has an id that matches “elsewhere/at-all”; the scenarios are area/topic"
        )
    }

    @Test("A stack that plays nowhere, and one that plays in none of the selected cases, are errors")
    func noStack() {
        #expect(
            complaint([], [Stack(rawValue: "nginx")]) == "no case has the stack “nginx”; there are countersign, gnutls"
        )
        #expect(
            complaint(["*/countersign/countersign"], [.gnutls])
                == "none of the cases that match */countersign/countersign has a stack of gnutls"
        )
    }
}
