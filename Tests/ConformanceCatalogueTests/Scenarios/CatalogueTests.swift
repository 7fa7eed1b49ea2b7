import ConformanceCatalogue
import ConformanceModel
import FoundationEssentials
import Testing

@Suite("A folder of scenarios")
struct CatalogueTests {
    private func catalogue(_ files: [String: String]) throws -> Catalogue {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("scenarios-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, text) in files {
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        do {
            return try Catalogue.load(directory: folder.path)
        } catch let error {
            throw ScenarioError(
                error.issues.map { issue in
                    var issue = issue
                    issue.file = issue.file?.replacing(folder.path + "/", with: "").replacing(
                        folder.path,
                        with: "FOLDER"
                    )
                    return issue
                }
            )
        }
    }

    private func complaint(_ files: [String: String]) -> String {
        do {
            _ = try catalogue(files)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private static let deviations = """
        stack: gnutls
        exceptions:
          - name: one
            side: server
            cases: [area/topic]
            instead: {alerts: none}
            reason: a reason
            source: a source
        """

    @Test("Scenarios and deviations are found in their folders, and peers are left alone")
    func folders() throws {
        let catalogue = try catalogue([
            "area/topic.yaml": ScenarioText.valid,
            "profiles/gnutls.yaml": Self.deviations,
            "peers/go.yaml": "not: [a scenario",
            "area/notes.md": "not a scenario",
        ])
        #expect(catalogue.scenarios.map(\.id) == ["area/topic"])
        #expect(catalogue.profiles.flatMap(\.exceptions).map(\.label) == ["gnutls: one"])
        #expect(catalogue.cases.count == 128)
        #expect(catalogue.cases.map(\.id) == catalogue.cases.map(\.id).sorted())
    }

    @Test("A scenario may pair with the peers of its folder, and with no others")
    func programs() throws {
        let files = [
            "area/topic.yaml": ScenarioText.replacing("pairing: all", with: "pairing: [all, go/countersign]"),
            "profiles/go.yaml": Self.deviations.replacing("gnutls", with: "go").replacing("area", with: "elsewhere"),
        ]
        let catalogue = try catalogue(files.merging(["peers/go/peer.yaml": ""]) { $1 })
        #expect(catalogue.cases.count == 160)
        let played = catalogue.cases.filter { !$0.pairing.programs.isEmpty }
        #expect(played.count == 32)
        #expect(
            played.allSatisfy { $0.id.hasSuffix("/go/countersign") && $0.pairing.programs == [Stack(rawValue: "go")] }
        )
        #expect(
            complaint(files)
                == "area/topic.yaml:21: unknown value “go/countersign” in axis “pairing”; known are "
                + "countersign/countersign, countersign/gnutls, gnutls/countersign, gnutls/gnutls"
        )
    }

    @Test("The path of a file and its id agree")
    func path() {
        #expect(
            complaint(["topic.yaml": ScenarioText.valid])
                == "topic.yaml:1: the scenario is named “area/topic”, and its path asks for “topic”"
        )
    }

    @Test("A scenario id that stands twice is refused")
    func duplicateScenario() throws {
        let scenario = try Catalogue.scenario(yaml: ScenarioText.valid, file: "a/scenarios/area/topic.yaml")
        let other = try Catalogue.scenario(yaml: ScenarioText.valid, file: "b/scenarios/area/topic.yaml")
        #expect(
            throws: ScenarioError([
                .init(
                    file: "b/scenarios/area/topic.yaml",
                    message: "scenario “area/topic” is also in a/scenarios/area/topic.yaml"
                )
            ])
        ) {
            try Catalogue(scenarios: [scenario, other])
        }
    }

    @Test("A case id that stands twice is refused")
    func duplicateCase() throws {
        var other = try Catalogue.scenario(yaml: ScenarioText.valid, file: ScenarioText.file)
        let scenario = other
        other.id = "area/other"
        other.cases = [scenario.cases[0]]
        #expect(
            throws: ScenarioError(
                "case id “area/topic/Request/none/unchecked/tls1.2/countersign/countersign” stands twice, "
                    + "in the scenarios area/topic and area/topic"
            )
        ) {
            try Catalogue(scenarios: [scenario, other])
        }
    }

    @Test("What is wrong in several files is told at once")
    func severalFiles() {
        let complaint = complaint([
            "area/topic.yaml": ScenarioText.replacing("clientCAs", with: "clientCas"),
            "area/empty.yaml": "",
        ])
        #expect(
            complaint == """
                area/empty.yaml: the file is empty
                area/topic.yaml:22: unknown key “clientCas” in server; the nearest known key is “clientCAs”
                """
        )
    }

    @Test("A folder without a scenario, and one that isn't there, are errors")
    func noScenarios() {
        #expect(
            complaint(["README.md": ""]) == "FOLDER: the folder has no scenario, which would be a .yaml file"
        )
        #expect {
            try Catalogue.load(directory: "/does/not/exist")
        } throws: { error in
            "\(error)".hasPrefix("/does/not/exist: the folder of scenarios can't be read: ")
        }
    }

    @Test("A deviation that speaks of no case is refused")
    func idleDeviation() {
        let files = ["area/topic.yaml": ScenarioText.valid]
        func complaint(_ old: String, _ new: String) -> String {
            self.complaint(
                files.merging(["profiles/gnutls.yaml": Self.deviations.replacing(old, with: new)]) { $1 }
            )
        }
        let place = "profiles/gnutls.yaml:3: exception “one”: "
        #expect(
            complaint("[area/topic]", "[area/topic, area/topics]")
                == place + "no case has an id that matches “area/topics”"
        )
        #expect(
            complaint("    instead", "    when: {credential: [none, nobody]}\n    instead")
                == place + "none of its cases has the value “nobody” on the axis “credential”"
        )
        #expect(
            complaint("    instead", "    when: {pairing: gnutls/gnutls, mood: good}\n    instead")
                == place + "none of its cases has the value “good” on the axis “mood”"
        )
        #expect(complaint("stack", "stack") == "")
    }
}
