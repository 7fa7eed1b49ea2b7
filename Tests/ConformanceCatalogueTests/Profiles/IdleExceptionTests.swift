import Testing

@testable import ConformanceCatalogue
@testable import ConformanceModel

@Suite("Entries about stacks that cases are replayed by")
struct IdleExceptionTests {
    private static let pairings = [Pairing(server: Stack(rawValue: "nginx"), client: .countersign)]

    private func complaints(cases: String, when: String = "{}", side: String = "server") throws -> [String] {
        let yaml = """
            stack: nginx
            exceptions:
              - name: one
                side: \(side)
                cases: ["\(cases)"]
                when: \(when)
                instead: {alerts: none}
                reason: a reason
                source: a source
            """
        let catalogue = try Catalogue(
            scenarios: [Catalogue.scenario(yaml: ScenarioText.valid, file: "area/topic.yaml")],
            profiles: [Profile.profile(yaml: yaml, file: "profiles/nginx.yaml")],
            checking: []
        )
        return catalogue.issues(ofExceptionsFor: Self.pairings).map(\.description)
    }

    @Test(
        "are fine when a case speaks to them",
        arguments: [("*", "{}"), ("area/topic", "{pairing: nginx/countersign}"), ("area", "{tls: 1.3}")]
    )
    func heard(cases: String, when: String) throws {
        #expect(try complaints(cases: cases, when: when) == [])
    }

    @Test(
        "are named with their place when no case does",
        arguments: [
            ("area/topics", "{}"), ("*", "{credential: nobody}"), ("*", "{pairing: nginx/gnutls}"),
        ]
    )
    func idle(cases: String, when: String) throws {
        #expect(
            try complaints(cases: cases, when: when) == [
                "profiles/nginx.yaml:3: exception “one”: no case has its side, an id that it names, and all its values"
            ]
        )
    }

    @Test("are left alone in a role that is not played")
    func otherRole() throws {
        #expect(try complaints(cases: "area/topics", side: "client") == [])
    }
}
