import ConformanceCatalogue
import Foundation
import MutualTLS
import Testing

@testable import Rehearsal

@Suite("Rehearsals of planned rotations")
struct PlanRehearsalTests {
    /// 2026-12-01.
    private static let now: Int64 = 1_796_083_200

    private func rehearsal(_ yaml: String) throws -> PlanRehearsal {
        try PlanRehearsal(.plan(yaml: yaml, file: "plan.yaml"), now: Self.now)
    }

    @Test("A good plan breaks nobody", arguments: Plans.good.keys.sorted())
    func good(name: String) throws {
        let report = try RehearsalReport(rehearsal(try #require(Plans.good[name])))
        #expect(report.stages.flatMap(\.breaks) == [])
        #expect(report.stages.allSatisfy { $0.calls > 0 })
        #expect(report.order == nil)
        #expect(report.text.hasSuffix("No stage breaks anybody.\n"))
    }

    @Test("A bad plan's first break names the change at fault", arguments: Plans.bad.keys.sorted())
    func bad(name: String) throws {
        let expected = try #require(Plans.bad[name])
        let stages = try rehearsal(expected.plan).results()
        #expect(stages[0].breaks == [])
        let first = try #require(stages.first { !$0.breaks.isEmpty }?.breaks.first)
        let cause = try #require(first.cause)
        #expect(cause.kind.rawValue == expected.kind)
        #expect(cause.service == expected.service)
        #expect(cause.stage == expected.stage)
    }

    @Test("An order that is proposed breaks nobody and ends where the plan ends", arguments: Plans.bad.keys.sorted())
    func order(name: String) throws {
        let rehearsal = try rehearsal(try #require(Plans.bad[name]).plan)
        let plan = rehearsal.plan
        guard let stages = try SafeOrder(rehearsal).stages() else {
            #expect(["intermediate", "name", "ends", "valid"].contains { name.contains($0) })
            return
        }
        var other = plan
        other.stages = stages
        #expect(try rehearsal.with(stages).results().flatMap(\.breaks) == [])
        for service in plan.services {
            #expect(other.state(of: service, after: stages.count) == plan.state(of: service, after: plan.stages.count))
        }
    }

    @Test("Files are rehearsed without their keys, and an authority's file stays the issuer of what it signed")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rehearsal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let mint = try CertificateMint(.plan(yaml: Plans.plan(Plans.both), file: "plan.yaml"), now: Self.now)
        for name in ["old", "new", "web-old", "web-new", "api-old"] {
            let made = try #require(mint.entries[name]?.first)
            let pem =
                "-----BEGIN CERTIFICATE-----\n"
                + Data(made.certificate.derBytes).base64EncodedString(options: .lineLength64Characters)
                + "\n-----END CERTIFICATE-----\n"
            try pem.write(to: folder.appending(path: "\(name).pem"), atomically: true, encoding: .utf8)
        }
        let yaml = """
            services:
              api: {presents: api-old.pem, trusts: old.pem}
              web: {presents: web-old.pem, trusts: old.pem, calls: [api]}
            stages:
              - {change: {web: {presents: web-new.pem}}}
              - {change: {api: {trusts: [old.pem, new.pem]}}}
            """
        let plan = try RotationPlan.plan(yaml: yaml, file: folder.appending(path: "plan.yaml").path)
        let stages = try PlanRehearsal(plan, now: Self.now).results()
        #expect(stages[0].breaks == [])
        #expect(stages[1].breaks.map(\.reason) == ["unknownAuthority"])
        #expect(stages[1].breaks.map(\.refusing) == [.called])
        #expect(stages[1].breaks.first?.cause?.kind == .earlyCertificate)
        #expect(stages[2].breaks.map(\.calledStage) == [1])
    }

    @Test("A plan that fails today is told so, and no order is proposed")
    func brokenToday() throws {
        let report = try RehearsalReport(
            rehearsal(Plans.plan(api: "{presents: api-new, trusts: old}", Plans.both))
        )
        #expect(report.stages[0].breaks.map(\.reason) == ["unknownAuthority"])
        #expect(report.stages[0].breaks.first?.cause == nil)
        #expect(report.order == nil)
        #expect(report.text.contains("Calls fail today, before the plan begins"))
    }

    @Test("The report is JUnit, Markdown and JSON with the same breaks")
    func forms() throws {
        let report = try RehearsalReport(rehearsal(Plans.plan(Plans.both, Plans.retirement, Plans.certificatesChange)))
        #expect(report.junit.contains("<testcase classname=\"stage 2, stage 2\" name=\"web calls api\""))
        #expect(report.junit.contains("failures=\"1\""))
        #expect(report.markdown.contains("| stage 2, stage 2 | "))
        #expect(report.markdown.contains("## An order that breaks nobody"))
        let object = try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any]
        let stages = object?["stages"] as? [[String: Any]]
        #expect(stages?.map { ($0["breaks"] as? [Any])?.isEmpty } == report.stages.map(\.breaks.isEmpty))
    }
}
