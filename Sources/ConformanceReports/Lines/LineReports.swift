package import ConformanceModel

/// The summary on the terminal when a run has ended.
package struct TerminalSummary {
    package let text: String

    /// - Parameters:
    ///   - report: The run.
    ///   - written: The paths of the reports that were written, in the order in which they are to be named.
    ///   - limit: How many causes are told before the rest is counted.
    package init(_ report: RunReport, written: [String], limit: Int = 20) {
        var lines: [String] = []
        let groups = CauseGroups(report, rules: []).groups
        for group in groups.prefix(limit) {
            lines.append(PlainText.line(group.title, limit: 400))
            lines.append("    for example \(PlainText.line(group.example.id, limit: 400))")
            let narrative = CaseNarrative(group.example, rules: [], options: nil)
            lines.append("    " + PlainText.line(narrative.reason, limit: 400))
        }
        if groups.count > limit {
            let rest = groups[limit...].reduce(0) { $0 + $1.cases.count }
            lines.append(
                "and \(Count.of(rest, "unexpected result")) more, of \(Count.of(groups.count - limit, "cause"))"
            )
        }
        let flaky = report.cases.filter { $0.flaky != nil }
        for result in flaky.prefix(limit) {
            let cause = PlainText.line(result.flaky?.first ?? "", limit: 400)
            lines.append("flaky: \(PlainText.line(result.id, limit: 400)) was played again: \(cause)")
        }
        lines += report.findings.map { "finding: \(PlainText.line($0, limit: 400))" }
        if !lines.isEmpty { lines.append("") }
        lines.append(ResultSentence(report).text)
        lines.append("Took \(Count.seconds(report.durationMs)) s with the seed \(report.seed).")
        if !written.isEmpty {
            lines.append("Reports: \(written.joined(separator: ", "))")
        }
        if let first = groups.first?.example {
            let command = CaseNarrative(first, rules: [], options: report.options).command
            lines.append("Play the first one alone: \(PlainText.line(command, limit: 4000))")
        }
        text = SingleLine.each(lines.joined(separator: "\n") + "\n")
    }
}

/// Text of unknown origin, made safe for one line.
package enum PlainText {
    /// One line of at most `limit` characters: a stack's message must not move the cursor or hide what follows.
    package static func line(_ text: String, limit: Int) -> String {
        SingleLine.of(text, limit: limit)
    }

    /// The text itself, or its first `limit` characters and how many were left out.
    static func shortened(_ text: String, limit: Int) -> String {
        guard let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex), end < text.endIndex
        else {
            return text
        }
        let rest = text.distance(from: end, to: text.endIndex)
        return text[..<end] + "… (\(Count.of(rest, "character")) left out)"
    }
}

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

/// The causes of a run's unexpected results as workflow commands of GitHub Actions.
///
/// GitHub shows 10 errors of a step and drops the others without a word, so the 11th line says how many there are.
package struct GitHubAnnotations {
    /// Ends with a newline unless it is empty.
    package let text: String

    private static let limit = 10

    package init(_ report: RunReport) {
        var errors = report.findings.map { Self.error(title: "finding", $0) }
        errors += CauseGroups(report, rules: []).groups.map { group in
            let narrative = CaseNarrative(group.example, rules: [], options: report.options)
            let text = "for example \(group.example.id)\n\(narrative.text)"
            return Self.error(title: group.title, PlainText.shortened(text, limit: 2000))
        }
        if !report.isComplete { errors.insert(Self.error(title: "incomplete", ResultSentence(report).text), at: 0) }
        var lines = Array(errors.prefix(Self.limit))
        if errors.count > Self.limit {
            lines.append(
                "::notice title=countersign::and \(Count.of(errors.count - Self.limit, "more cause"))"
            )
        }
        text = lines.map { $0 + "\n" }.joined()
    }

    private static func error(title: String, _ message: String) -> String {
        "::error title=\(escaped(title, isProperty: true))::\(escaped(message, isProperty: false))"
    }

    /// As @actions/core escapes: a percent sign and ends of lines; in a property also its delimiters.
    private static func escaped(_ text: String, isProperty: Bool) -> String {
        var escaped = ""
        for scalar in SingleLine.each(text).unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where isProperty: escaped += "%3A"
            case "," where isProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
