package import ConformanceModel

/// A run in the Test Anything Protocol, version 14 (https://testanything.org/tap-version-14-specification.html).
package struct TAPReport {
    package let text: String

    package init(_ report: RunReport, rules: [RuleDescription]) {
        var lines = ["TAP version 14", "1..\(report.cases.count + report.findings.count)"]
        for (index, result) in report.cases.enumerated() {
            lines += Self.point(CaseNarrative(result, rules: rules, options: report.options), result, number: index + 1)
        }
        for (index, finding) in report.findings.enumerated() {
            lines.append("not ok \(report.cases.count + index + 1) - run: \(Self.escaped(finding))")
        }
        if !report.isComplete { lines.append("Bail out! The run was stopped, and this is a part of it.") }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func point(_ narrative: CaseNarrative, _ result: CaseResult, number: Int) -> [String] {
        let point = "\(number) - \(escaped(result.id))"
        switch result.verdict {
        case .passed, .deviated:
            return ["ok \(point)"]
        case .unsupported, .skipped:
            return ["ok \(point) # SKIP \(escaped(narrative.reason))"]
        case .failed, .unexpectedlyPassed, .timedOut, .crashed, .errored:
            // A block scalar of YAML, whose lines need no escapes once controls are gone.
            let block = narrative.text.split(separator: "\n").map { "    " + PlainText.line(String($0), limit: 2000) }
            return ["not ok \(point)", "  ---", "  verdict: \(result.verdict.rawValue)", "  message: |"] + block + [
                "  ..."
            ]
        }
    }

    /// A description on one line, in which nothing is taken for a directive.
    private static func escaped(_ text: String) -> String {
        PlainText.line(text, limit: 800).reduce(into: "") { escaped, character in
            if character == "#" || character == "\\" { escaped.append("\\") }
            escaped.append(character)
        }
    }
}
