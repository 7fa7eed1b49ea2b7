import ConformanceCatalogue
import Testing

@Suite("Reading a plan")
struct RotationPlanReaderTests {
    private func issues(_ yaml: String) -> [String] {
        do {
            _ = try RotationPlan.plan(yaml: yaml, file: "plan.yaml")
            return []
        } catch {
            return error.issues.map(\.description)
        }
    }

    @Test("Unknown services, certificates and modes are named with the nearest known one")
    func unknownNames() {
        let yaml = """
            certificates:
              root: {authority: true}
            services:
              api: {presents: rot, trusts: root, client-auth: RequireAndVerify}
              web: {trusts: root, calls: [apii]}
            stages:
              - {change: {wep: {trusts: root}}}
            """
        let found = issues(yaml)
        #expect(found.contains { $0.hasPrefix("plan.yaml:4: unknown certificate “rot”; the nearest known") })
        #expect(found.contains { $0.contains("unknown ClientAuth mode “RequireAndVerify”") })
        #expect(found.contains { $0.contains("unknown service “apii”; the nearest known service is “api”") })
        #expect(found.contains { $0.contains("unknown service “wep”; the nearest known service is “web”") })
    }

    @Test("A plan without services, stages or calls, and times that go backwards, are refused by name")
    func emptyPlans() {
        #expect(issues("plan: nothing").contains { $0.contains("the plan has no service") })
        #expect(issues("services: {a: {trusts: []}}").contains { $0.contains("the plan has no stage") })
        let alone = "services: {a: {trusts: []}}\nstages:\n  - {change: {a: {presents: []}}}"
        #expect(issues(alone).contains { $0.contains("no service of the plan calls another") })
        let times = """
            services: {a: {trusts: [], calls: [b]}, b: {trusts: []}}
            stages:
              - {at: 2027-02-01, change: {a: {trusts: []}}}
              - {at: 2027-01-01, change: {a: {trusts: []}}}
              - {at: soon, change: {a: {trusts: []}}}
            """
        let found = issues(times)
        #expect(found.contains { $0.contains("the stages' times go backwards") })
        #expect(found.contains { $0.contains("at of stage 3 must be a day") })
    }

    @Test("Issuers in a circle and entries that nobody declares are refused")
    func issuers() {
        let yaml = """
            certificates:
              a: {authority: true, issuer: b}
              b: {authority: true, issuer: a}
              c: {issuer: d}
            services: {x: {trusts: a, calls: [y]}, y: {trusts: a}}
            stages:
              - {change: {x: {trusts: b}}}
            """
        let found = issues(yaml)
        #expect(found.contains { $0.contains("the issuers of a go round in a circle") })
        #expect(found.contains { $0.contains("unknown issuer of c “d”") })
    }

    @Test("A path is taken from the plan's folder, and all means every service")
    func paths() throws {
        let yaml = """
            services:
              a: {presents: a.pem, trusts: /etc/ca.pem, calls: [b]}
              b: {presents: certs/b.pem, trusts: /etc/ca.pem, lags: 2}
            stages:
              - {stage: first, at: 2027-01-01T12:00:00Z, change: {all: {trusts: new.pem}}}
            """
        let plan = try RotationPlan.plan(yaml: yaml, file: "plans/plan.yaml")
        #expect(
            plan.certificates.map(\.source) == [
                .file("plans/a.pem"), .file("/etc/ca.pem"), .file("plans/certs/b.pem"), .file("plans/new.pem"),
            ]
        )
        #expect(plan.stages[0].changes.map(\.service) == ["a", "b"])
        #expect(plan.stages[0].at == 1_798_804_800)
        #expect(plan.services.map(\.lags) == [0, 2])
    }
}
