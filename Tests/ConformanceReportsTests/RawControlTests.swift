import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("Characters that a terminal or a page obeys")
struct RawControlTests {
    /// ESC, NUL, BEL, DEL, a control of C1, a right-to-left override, an isolate, a separator of lines and a BOM.
    private static let raw = "x\u{1B}[31m\u{0}\u{7}\u{7F}\u{9B}31m\u{202E}\u{2066}\u{2028}\u{FEFF}y"

    /// A report that has them wherever a stack, a scenario or a user puts a text.
    private static let report: RunReport = {
        var result = SampleReport.result(
            "\(raw)/valid/tls1.3",
            scenario: "a/\(raw)",
            server: Stack(rawValue: raw),
            verdict: .failed,
            reason: raw,
            detail: raw
        )
        result.deviation = raw
        var report = SampleReport.report([result], findings: [raw])
        report.environment = [raw: raw]
        report.rules = [raw: 1]
        var profile = InferredProfile()
        profile.rules = [
            "path/\(raw)": .init(answer: .accepts, class: .hole, side: nil, count: 1, cases: [raw])
        ]
        profile.unexplained = [raw]
        profile.nearest = [.init(stack: Stack(rawValue: raw), agreement: 1)]
        report.profiles = [raw: profile]
        return report
    }()

    private static let rules = [RuleDescription(id: raw, sentence: raw, citation: raw)]

    @Test("No report has one", arguments: ["html", "markdown", "junit", "github", "tap", "terminal"])
    func reports(_ kind: String) throws {
        let text =
            switch kind {
            case "html": try HTMLReport(Self.report, rules: Self.rules).text
            case "markdown": MarkdownReport(Self.report, rules: Self.rules).text
            case "junit": JUnitReport(Self.report, rules: Self.rules).text
            case "github": GitHubAnnotations(Self.report).text
            case "tap": TAPReport(Self.report, rules: Self.rules).text
            default: TerminalSummary(Self.report, written: [Self.raw]).text
            }
        #expect(text.contains("x"))
        let obeyed = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n"
            case .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        #expect(obeyed.map { $0.escaped(asASCII: true) } == [])
    }

    @Test("JSON for a terminal has escapes of JSON in their place, and is read back as it was")
    func json() {
        #expect(
            SingleLine.json("{\"a\":\"x\u{7F}\u{9B}\u{202E}\u{E0001}é\"}\n")
                == #"{"a":"x\u007f\u009b\u202e\udb40\udc01é"}"# + "\n"
        )
    }
}
