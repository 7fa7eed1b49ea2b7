import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("TAP report")
struct TAPReportTests {
    @Test("Each verdict has its own line, with the story of what was not expected")
    func golden() throws {
        try GoldenFile(name: "mixed.tap").expect(TAPReport(SampleReport.mixed, rules: SampleReport.rules).text)
    }

    @Test("No text of a stack or a scenario can start a line, a directive or the end of a block")
    func hostile() {
        let hostile = SampleReport.hostile + "\n  ...\nnot ok 9 # TODO"
        let report = SampleReport.report([
            SampleReport.result("a # SKIP", verdict: .failed, reason: hostile),
            SampleReport.result("b", verdict: .unsupported, reason: hostile),
        ])
        let lines = TAPReport(report, rules: []).text.split(separator: "\n")
        #expect(lines[2] == "not ok 1 - client-auth/credentials/a \\# SKIP/countersign/gnutls")
        #expect(lines.filter { $0.hasPrefix("not ok") || $0.hasPrefix("ok") }.count == 2)
        #expect(lines.filter { $0 == "  ..." }.count == 1)
        #expect(
            lines.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
        )
    }

    @Test("A stopped run bails out, and findings are points of their own")
    func incomplete() {
        let report = SampleReport.report([SampleReport.result("a")], findings: ["the rule x"], isComplete: false)
        #expect(
            TAPReport(report, rules: []).text.hasSuffix(
                "not ok 2 - run: the rule x\nBail out! The run was stopped, and this is a part of it.\n"
            )
        )
        #expect(TAPReport(report, rules: []).text.hasPrefix("TAP version 14\n1..2\nok 1 - "))
    }
}
