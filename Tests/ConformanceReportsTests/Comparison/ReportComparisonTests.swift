import ConformanceModel
import Foundation
import Testing

@testable import ConformanceReports

@Suite("Comparison of two runs")
struct ReportComparisonTests {
    @Test("Two equal runs have no change and no regression")
    func equal() {
        let comparison = ReportComparison(old: SampleReport.mixed, new: SampleReport.mixed)
        #expect(!comparison.isRegression)
        #expect(
            comparison.text
                == "0 cases newly failing, 0 no longer played, 0 gone, 0 newly passing, 0 otherwise changed, 0 new; "
                + "0 scenarios slower.\n"
        )
    }

    @Test("Each kind of change is told apart")
    func changes() {
        let old = run([("a", .passed), ("b", .failed), ("c", .passed), ("d", .passed), ("e", .failed)])
        let new = run([
            ("a", .failed), ("b", .passed), ("d", .deviated), ("e", .timedOut), ("f", .passed), ("g", .failed),
        ])
        let comparison = ReportComparison(old: old, new: new)
        #expect(comparison.newlyFailing.map(\.id) == [id("a"), id("g")])
        #expect(comparison.newlyPassing.map(\.id) == [id("b")])
        #expect(comparison.gone.map(\.id) == [id("c")])
        #expect(comparison.changed.map(\.id) == [id("d"), id("e")])
        #expect(comparison.added.map(\.id) == [id("f")])
        #expect(comparison.isRegression)
        #expect(
            comparison.text.hasPrefix(
                "newly failing: \(id("g")): absent -> failed\nnewly failing: \(id("a")): passed -> failed\n"
            )
        )
    }

    @Test("A case that was played and no longer is proves nothing, which is a regression and named")
    func unplayed() {
        let old = run([("a", .passed), ("b", .deviated), ("c", .failed), ("d", .unsupported)])
        let new = run([("a", .unsupported), ("b", .skipped), ("c", .unsupported), ("d", .skipped)])
        let comparison = ReportComparison(old: old, new: new)
        #expect(comparison.unplayed.map(\.id) == [id("a"), id("b"), id("c")])
        #expect(comparison.changed.map(\.id) == [id("d")])
        #expect(comparison.newlyPassing.isEmpty)
        #expect(comparison.isRegression)
        #expect(comparison.text.contains("no longer played: \(id("a")): passed -> unsupported\n"))
    }

    @Test("A change of version is named by itself and beside each difference that it may explain")
    func versions() {
        let old = Baseline(run([("a", .passed)]))
        var new = Baseline(run([("a", .failed)]))
        new.environment["gnutls"] = "3.8.0"
        new.environment["openssl"] = "3.0.19"
        let lines = ReportComparison(old: old, new: new).text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "version: gnutls 3.7.9 -> 3.8.0")
        #expect(lines[1] == "version: openssl absent -> 3.0.19")
        #expect(
            lines[2]
                == "newly failing: \(id("a")): passed -> failed (gnutls 3.7.9 -> 3.8.0, openssl absent -> 3.0.19)"
        )
    }

    @Test("A scenario is slower when its median more than doubles, by more than 2 ms; that is no regression")
    func slower() {
        func baseline(_ milliseconds: [Double]) -> Baseline {
            var baseline = Baseline(run([("a", .passed)]))
            baseline.medianMs = Dictionary(uniqueKeysWithValues: zip(["s", "t", "u"], milliseconds))
            return baseline
        }
        let comparison = ReportComparison(old: baseline([3, 0.5, 10]), new: baseline([6.5, 2.4, 19]))
        #expect(comparison.slower == [.init(scenario: "s", beforeMs: 3, afterMs: 6.5)])
        #expect(comparison.text.hasPrefix("slower: s: median 3.0 ms -> 6.5 ms\n"))
        #expect(!comparison.isRegression)
    }

    @Test("Of a selection only its own cases are compared")
    func restricted() {
        let old = Baseline(run([("a", .passed), ("b", .passed)]))
        let new = Baseline(run([("a", .passed)]))
        #expect(ReportComparison(old: old, new: new).gone.map(\.id) == [id("b")])
        #expect(ReportComparison(old: old.restricted(to: [id("a")]), new: new).gone.isEmpty)
    }

    @Test("Changes of one cause are one group, with one case before and after, in every form")
    func groups() throws {
        let nginx = Stack(rawValue: "nginx")
        func run(_ verdict: Verdict, _ reason: String?) -> RunReport {
            SampleReport.report(
                (0..<24).map { number in
                    var result = SampleReport.result(
                        "Request/c\(number)/tls1.3",
                        server: nginx,
                        verdict: verdict,
                        reason: reason
                    )
                    result.cause = reason.map { _ in
                        ResultCause(stack: nginx, rule: number < 20 ? "path/expired" : "path/length")
                    }
                    return result
                }
            )
        }
        let comparison = ReportComparison(old: run(.passed, nil), new: run(.failed, "let in <b>"))
        #expect(comparison.groups.map(\.subject) == ["nginx: path/expired", "nginx: path/length"])
        #expect(comparison.groups.map(\.changes.count) == [20, 4])
        #expect(
            comparison.text.hasPrefix(
                "newly failing: nginx: path/expired: 20 cases, passed -> failed\n"
                    + "    for example client-auth/credentials/Request/c0/tls1.3/nginx/gnutls\n    after: let in <b>\n"
            )
        )
        #expect(comparison.text.split(separator: "\n").count == 7)
        let markdown = ComparisonMarkdown(comparison).text
        #expect(markdown.contains("| before | passed |  |\n| after | failed | let in &lt;b&gt; |\n"))
        let html = try ComparisonHTML(comparison).text
        #expect(html.contains("<td>let in &lt;b&gt;</td>") && !html.contains("<b>"))
        let json = try JSONSerialization.jsonObject(with: Data(ComparisonJSON(comparison).text.utf8)) as? [String: Any]
        #expect((json?["groups"] as? [[String: Any]])?.map { ($0["cases"] as? [Any])?.count } == [20, 4])
        #expect(json?["isRegression"] as? Bool == true)
    }

    @Test("Two catalogues are told apart, and a baseline that names none says nothing")
    func catalogues() {
        var old = Baseline(run([("a", .passed)]))
        var new = old
        (old.catalogue, new.catalogue) = ("aaaa", "bbbb")
        #expect(ReportComparison(old: old, new: new).text.hasPrefix("catalogue: aaaa -> bbbb: the runs did not play"))
        old.catalogue = nil
        #expect(ReportComparison(old: old, new: new).catalogueNote == nil)
    }

    private func run(_ verdicts: [(String, Verdict)]) -> RunReport {
        SampleReport.report(verdicts.map { SampleReport.result($0.0, verdict: $0.1) })
    }

    private func id(_ axes: String) -> String { SampleReport.result(axes).id }
}
