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

    @Test("A run of 20,000 failures stays below the limit, keeps its totals and says what it left out")
    func bounded() {
        let cases = (0..<20_000).map {
            SampleReport.result(
                "Request/c\($0)/tls1.3",
                verdict: .failed,
                reason: String(repeating: "reason ", count: 40)
            )
        }
        let text = MarkdownReport(SampleReport.report(cases), rules: SampleReport.rules).text
        #expect(text.utf8.count < 900 * 1024)
        #expect(text.utf8.count > 800 * 1024)
        #expect(text.contains("| failed | 20,000 |"))
        #expect(text.contains("**Left out here: 1"))
        #expect(text.hasSuffix("to keep this file below 900 KiB; the JSON results hold all.\n"))
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
