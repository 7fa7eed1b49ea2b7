import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("Terminal summary")
struct TerminalSummaryTests {
    @Test("The unexpected results come first, then the sentence, the time, the reports and the command")
    func mixed() {
        #expect(
            TerminalSummary(SampleReport.mixed, written: ["reports/latest/report.md"]).text == """
                countersign/gnutls: expected accepted, saw a rejection (1 case failed)
                    for example client-auth/credentials/Request/expired/tls1.3/countersign/gnutls
                    expected accepted, saw a rejection
                countersign/gnutls: no end within # s, last flight from the server (1 case timed-out)
                    for example client-auth/credentials/Request/valid/tls1.3/countersign/gnutls
                    no end within 5 s, last flight from the server
                finding: the rule sni.strict decided no case

                2 of 6 cases did not end as expected: 2 passed, 1 failed, 1 deviated, 1 unsupported, 1 timed-out; \
                the run as a whole is not as expected, with 1 finding.
                Took 61.234 s with the seed 42.
                Reports: reports/latest/report.md
                Play the first one alone: countersign run \
                'client-auth/credentials/Request/expired/tls1.3/countersign/gnutls'

                """
        )
    }

    @Test("Results of one cause are told once, and beyond the limit the causes are counted")
    func limited() {
        let cases = (0..<25).map { number in
            SampleReport.result(
                "A/c\(number)/tls1.3",
                verdict: .failed,
                reason: "why \(String(repeating: "x", count: number))"
            )
        }
        let text = TerminalSummary(
            SampleReport.report(cases + [SampleReport.result("A/z/tls1.3", verdict: .failed, reason: "why ")]),
            written: []
        ).text
        #expect(text.split(separator: "\n").count { $0.hasPrefix("    for example ") } == 20)
        #expect(text.hasPrefix("countersign/gnutls: why  (2 cases failed)\n"), "\(text)")
        #expect(text.contains("and 5 unexpected results more, of 5 causes\n"))
    }

    @Test("The command for one case brings its program and the run's folders with it, and no other program")
    func options() {
        let cases = [
            SampleReport.result("A/b/tls1.3", server: Stack(rawValue: "nginx"), verdict: .failed, reason: "why")
        ]
        var report = SampleReport.report(cases)
        report.options = RunOptions(
            always: ["--scenarios", "my scenarios"],
            stacks: ["nginx": ["--peer", "nginx"], "go": ["--peer", "go"]]
        )
        let command = "Play the first one alone: countersign run \'\(cases[0].id)\'"
        #expect(
            TerminalSummary(report, written: []).text.hasSuffix(
                "\n\(command) --scenarios 'my scenarios' --peer nginx\n"
            )
        )
        report.options = nil
        #expect(TerminalSummary(report, written: []).text.hasSuffix("\n\(command)\n"))
    }

    @Test("A stack's message can't move the cursor")
    func controlCharacters() {
        let result = SampleReport.result("A/b/tls1.3", verdict: .failed, reason: SampleReport.hostile)
        let text = TerminalSummary(SampleReport.report([result]), written: []).text
        #expect(!text.unicodeScalars.contains("\u{1B}") && !text.contains("\r"))
    }
}
