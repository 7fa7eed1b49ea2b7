import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("Markdown report")
struct MarkdownReportTests {
    @Test("The mixed run is rendered as the golden text")
    func golden() throws {
        try GoldenFile(name: "mixed.md").expect(MarkdownReport(SampleReport.mixed, rules: SampleReport.rules).text)
    }

    @Test("Hostile text adds no table column, no line and no markup")
    func hostile() {
        let cell = MarkdownText.cell(SampleReport.hostile)
        #expect(!cell.contains("|") && !cell.contains("<") && !cell.contains("\n") && !cell.contains("\r"))
        #expect(cell.contains("&lt;b&gt;&amp;amp;") && cell.contains("\\`t\\`") && cell.contains("&#124;"))
        #expect(!cell.unicodeScalars.contains("\u{1B}"))
    }

    @Test("A fenced block can't be closed by its text", arguments: ["a", "```", "x ````` y"])
    func fence(text: String) {
        let lines = MarkdownText.block(text).split(separator: "\n")
        let fence = lines[lines.count - 1]
        #expect(fence.allSatisfy { $0 == "`" } && !text.contains(fence))
    }

    @Test("The command quotes an id so that a shell reads it back")
    func command() {
        #expect(ShellWord.quoted("it's *") == #"'it'\''s *'"#)
    }

    @Test(
        "A run of 20,000 failures of as many stacks stays below the limit, keeps its totals and says what it left out"
    )
    func bounded() {
        let cases = (0..<20_000).map {
            SampleReport.result(
                "Request/c\($0)/tls1.3",
                server: Stack(rawValue: "stack-\($0)-\(String(repeating: "x", count: 60))"),
                verdict: .failed,
                reason: String(repeating: "reason ", count: 40)
            )
        }
        let text = MarkdownReport(SampleReport.report(cases), rules: SampleReport.rules).text
        #expect(text.utf8.count < 900 * 1024)
        #expect(text.utf8.count > 800 * 1024)
        #expect(text.contains("| failed | 20,000 |"))
        #expect(text.contains("**Left out here: "))
        #expect(text.contains("to keep this file below 900 KiB; the JSON results hold all.\n"))
        #expect(text.contains("And 19,950 causes more, which the JSON results hold."))
    }

    @Test("What is wrong comes first: each cause once, with one case in full and the ids of the others")
    func causes() throws {
        var cases = (0..<3).map {
            SampleReport.result(
                "Request/c\($0)/tls1.3",
                server: Stack(rawValue: "nginx"),
                verdict: .failed,
                reason: "let in"
            )
        }
        for index in cases.indices {
            cases[index].cause = ResultCause(stack: Stack(rawValue: "nginx"), rule: "path/expired")
        }
        cases.append(SampleReport.result("Request/d/tls1.3", verdict: .crashed, reason: "signal 11 after 17 ms"))
        cases.append(SampleReport.result("Request/e/tls1.3", verdict: .crashed, reason: "signal 11 after 4 ms"))
        let text = MarkdownReport(SampleReport.report(cases), rules: SampleReport.rules).text
        let hole = try #require(text.firstRange(of: "### nginx: <code>path/expired</code>\n\n**hole, 3 cases failed**"))
        let crash = try #require(text.firstRange(of: "after # ms</code>\n\n**2 cases crashed**"))
        let totals = try #require(text.firstRange(of: "## Totals"))
        #expect(hole.lowerBound < crash.lowerBound && crash.lowerBound < totals.lowerBound)
        #expect(text.contains("<summary>2 other cases</summary>"))
        #expect(text.ranges(of: "countersign run 'client-auth/credentials/Request/c").count == 1)
    }

    @Test("A detail of 200 kB is cut, and the case after it is still told")
    func longDetail() {
        let long = SampleReport.result(
            "Request/a/tls1.3",
            verdict: .failed,
            reason: "r",
            detail: String(repeating: "d", count: 200_000)
        )
        let text = MarkdownReport(
            SampleReport.report([long, SampleReport.result("Request/b/tls1.3", verdict: .failed, reason: "the second")]
            ),
            rules: []
        ).text
        #expect(text.utf8.count < 20_000)
        #expect(text.contains("the second"))
        #expect(text.contains("characters left out)"))
    }

    @Test("A result that needed two deviations counts for both, and each keeps its own reason")
    func combinedDeviations() {
        let cases = [
            SampleReport.result("A/a/tls1.3", verdict: .deviated, reason: "one; two", deviation: "go: x, gnutls: y"),
            SampleReport.result("A/b/tls1.3", verdict: .deviated, reason: "one", deviation: "go: x"),
        ]
        let text = MarkdownReport(SampleReport.report(cases), rules: []).text
        #expect(text.contains("| go | x | 2 | one |\n"))
        #expect(text.contains("| gnutls | y | 1 | one; two |\n"))
    }

    @Test("An empty and an interrupted run say so in the first sentence")
    func firstSentence() {
        #expect(ResultSentence(SampleReport.report([])).text == "No case was played.")
        let partial = SampleReport.report([SampleReport.result("A/b/tls1.3")], isComplete: false)
        #expect(
            ResultSentence(partial).text
                == "Incomplete, since the run was stopped: The only case ended as expected: 1 passed."
        )
    }
}
