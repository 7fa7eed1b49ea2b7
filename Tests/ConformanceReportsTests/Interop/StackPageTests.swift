import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("The page of a stack")
struct StackPageTests {
    private func page(_ cases: CaseResult...) -> String {
        StackPage(.countersign, in: SampleReport.report(cases)).markdown
    }

    private func resumption(resumed: Bool, server: Stack = .countersign, tells: Bool = true) -> CaseResult {
        var result = SampleReport.result(
            "\(resumed)/\(tells)/\(server.rawValue)",
            scenario: "resumption/a",
            server: server
        )
        result.expected[0].resumed = true
        result.observed.client[0].resumed = resumed
        if !tells { result.observed.client[0].untold = [.resumed] }
        return result
    }

    @Test("has its version, and the alert for each defect by version")
    func alerts() {
        let text = page(
            SampleReport.result("RequireAndVerify/expired/1.3", rejected: true),
            SampleReport.result("RequireAndVerify/expired/1.2", client: .countersign, rejected: true)
        )
        #expect(text.hasPrefix("# countersign OpenSSL 3.0.19\n"))
        #expect(text.contains("| expired | certificate\\_expired | certificate\\_expired |"), "\(text)")
    }

    @Test("tells how often a server resumed what it had to, as its clients saw it")
    func sessions() {
        let text = page(
            resumption(resumed: true),
            resumption(resumed: false),
            resumption(resumed: false, tells: false),
            resumption(resumed: true, server: .gnutls)
        )
        #expect(text.contains("| resumed | 1 |"), "\(text)")
        #expect(text.contains("| shook hands in full | 1 |"), "\(text)")
    }

    @Test("counts the reasons of its own deviations alone")
    func deviations() {
        let text = page(
            SampleReport.result("a/b/1.3", verdict: .deviated, reason: "why", deviation: "countersign: mine"),
            SampleReport.result("a/c/1.3", verdict: .deviated, reason: "because", deviation: "gnutls: theirs")
        )
        #expect(text.contains("| countersign: mine: why | 1 |"), "\(text)")
        #expect(!text.contains("theirs"))
    }

    @Test("has no table without a row")
    func empty() {
        #expect(!page(SampleReport.result("RequireAndVerify/valid/1.3")).contains("##"))
    }
}
