import ConformanceModel
import Foundation
import Testing

@testable import ConformanceReports

@Suite("SARIF report")
struct SARIFReportTests {
    private let nginx = Stack(rawValue: "nginx")

    /// A new hole in two cases, a hole that the run was told of, and a stricter answer.
    private var report: RunReport {
        var cases = ["a", "b"].map {
            SampleReport.result("Request/\($0)/tls1.3", server: nginx, verdict: .failed, reason: SampleReport.hostile)
        }
        for index in cases.indices { cases[index].cause = ResultCause(stack: nginx, rule: "path/expired") }
        var report = SampleReport.report(cases, findings: ["nginx: 3 of 9 rules are decided"])
        var profile = InferredProfile()
        profile.rules = [
            "path/expired": .init(answer: .accepts, class: .hole, side: .server, count: 2, cases: [cases[0].id]),
            "path/length": .init(answer: .accepts, class: .hole, side: .server, count: 1, cases: ["known"]),
            "purpose/any": .init(answer: .refuses, class: .stricter, side: .server, count: 1, cases: ["strict"]),
        ]
        report.profiles = ["nginx": profile, "gnutls": profile]
        return report
    }

    private func run(_ report: RunReport) throws -> [String: Any] {
        let rules =
            SampleReport.rules + [
                RuleDescription(
                    id: "path/expired",
                    sentence: "An expired certificate is refused.",
                    citation: "RFC 5280 section 6.1.3"
                )
            ]
        let data = Data(try SARIFReport(report, rules: rules).text.utf8)
        let log = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(log["version"] as? String == "2.1.0")
        return try #require((log["runs"] as? [[String: Any]])?.first)
    }

    @Test("A rule is one result: a hole is an error, a known one suppressed, a stricter answer a note")
    func levels() throws {
        let results = try #require(try run(report)["results"] as? [[String: Any]])
        #expect(
            results.map { "\($0["ruleId"] ?? "") \($0["level"] ?? "") \($0["suppressions"] != nil)" } == [
                "path/expired error false", "path/length error true", "purpose/any note false",
                "run/finding error false",
            ]
        )
    }

    @Test("Each result names a rule by its index, and the rule has its sentence and the address of its citation")
    func rules() throws {
        let run = try run(report)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        for result in try #require(run["results"] as? [[String: Any]]) {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
        #expect(rules[0]["helpUri"] as? String == "https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3")
    }

    @Test("A run as expected has no result, and a stack's controls reach no reader")
    func quiet() throws {
        let good = SampleReport.report([SampleReport.result("a/b/c")])
        #expect((try run(good)["results"] as? [Any])?.isEmpty == true)
        let text = try SARIFReport(report, rules: []).text
        #expect(!text.contains("\\u001b") && !text.contains("\u{1B}"))
    }
}
