import ConformanceModel
import Foundation
import Testing

@testable import ConformanceReports

@Suite("History of runs")
struct RunHistoryTests {
    private func run(_ day: Int, failed: Int, gnutls: String = "3.7.9") -> RunReport {
        var cases = [SampleReport.result("A/good/tls1.3")]
        cases += (0..<failed).map { SampleReport.result("A/c\($0)/tls1.3", verdict: .failed, reason: "why") }
        var report = SampleReport.report(cases)
        report.started = "2026-01-0\(day)T00:00:00Z"
        report.environment["gnutls"] = gnutls
        return report
    }

    @Test("Runs are written a line each, read back, and shown from the newest on with the versions that changed")
    func trend() throws {
        var history = RunHistory()
        history.add(run(2, failed: 4, gnutls: "3.8.0"))
        history.add(run(1, failed: 0))
        let read = try RunHistory.decode(history.encode(), from: "history")
        #expect(read.entries == history.entries)
        #expect(read.rows.map(\.unexpected) == ["4", "0"])
        #expect(read.rows.map(\.share) == [100, 0])
        #expect(read.rows[0].changes == "gnutls 3.7.9 → 3.8.0")
        let markdown = MarkdownReport(run(2, failed: 4), rules: [], history: read).text
        #expect(markdown.contains("| 2026-01-02T00:00:00Z | 5 | 4 | ██████████ | 61.234 | gnutls 3.7.9 → 3.8.0 |"))
        let page = try HTMLReport(run(2, failed: 4), rules: [], history: read).text
        #expect(page.contains("<span class=\"bar\" style=\"width:100%\">"))
        #expect(try !HTMLReport(run(2, failed: 4), rules: []).text.contains("The last runs"))
    }

    @Test("A run that is rendered again stands once, and only the last 500 are kept")
    func bounded() throws {
        var history = RunHistory()
        history.add(run(1, failed: 3))
        history.add(run(1, failed: 3))
        #expect(history.entries.count == 1)
        for number in 0..<600 {
            var report = run(1, failed: 0)
            report.seed = UInt64(number)
            report.started = "2026-02-01T00:\(100 + number)"
            history.add(report)
        }
        #expect(history.entries.count == 500)
    }

    @Test("A file that is no history is refused with its name and line")
    func refused() {
        let error = #expect(throws: ResultsError.self) { try RunHistory.decode(Data("{}\n".utf8), from: "h.jsonl") }
        #expect(error?.description == "h.jsonl: line 1 is not a run of a history; name another file")
    }
}
