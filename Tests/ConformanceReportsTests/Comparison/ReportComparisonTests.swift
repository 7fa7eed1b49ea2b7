import Conformance
import Testing

@testable import ConformanceReports

@Suite("Comparison of two runs")
struct ReportComparisonTests {
    @Test("Two equal runs have no change and no regression")
    func equal() {
        let comparison = ReportComparison(old: SampleReport.mixed, new: SampleReport.mixed)
        #expect(!comparison.isRegression)
        #expect(comparison.text == "0 cases worse, 0 gone, 0 better, 0 otherwise changed, 0 added.\n")
    }

    @Test("Each kind of change is told apart")
    func changes() {
        let old = run([("a", .passed), ("b", .failed), ("c", .passed), ("d", .passed), ("e", .failed)])
        let new = run([
            ("a", .failed), ("b", .passed), ("d", .deviated), ("e", .timedOut), ("f", .passed), ("g", .failed),
        ])
        let comparison = ReportComparison(old: old, new: new)
        #expect(comparison.worse.map(\.id) == [id("a"), id("g")])
        #expect(comparison.better.map(\.id) == [id("b")])
        #expect(comparison.gone.map(\.id) == [id("c")])
        #expect(comparison.other.map(\.id) == [id("d"), id("e")])
        #expect(comparison.added.map(\.id) == [id("f")])
        #expect(comparison.isRegression)
        #expect(comparison.text.hasPrefix("worse: \(id("a")): passed -> failed\nworse: \(id("g")): absent -> failed\n"))
    }

    private func run(_ verdicts: [(String, Verdict)]) -> RunReport {
        SampleReport.report(verdicts.map { SampleReport.result($0.0, verdict: $0.1) })
    }

    private func id(_ axes: String) -> String { SampleReport.result(axes).id }
}
