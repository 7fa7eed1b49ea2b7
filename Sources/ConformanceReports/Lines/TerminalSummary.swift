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
