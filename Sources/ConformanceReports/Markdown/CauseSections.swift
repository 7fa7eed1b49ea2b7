internal import ConformanceModel

/// The unexpected results at the top of a Markdown report, by cause: each with one case in full and the ids of the others.
struct CauseSections {
    /// Characters of one stack's message that are shown; the JSON results hold the whole.
    private static let lineLimit = 4000
    /// The causes that are told in full; a run with more has one that none of them tells.
    private static let toldCauses = 50
    /// The cases that a group names besides its example.
    private static let namedCases = 200

    private let groups: [CauseGroup]
    private let rules: [RuleDescription]
    private let options: RunOptions?

    init(_ report: RunReport, _ rules: [RuleDescription]) {
        groups = CauseGroups(report, rules: rules).groups
        options = report.options
        self.rules = rules
    }

    func add(to document: inout BoundedDocument) {
        guard !groups.isEmpty else { return }
        document.add("\n## Unexpected results, by cause\n")
        if groups.count > 1 {
            document.add("\n" + MarkdownText.header(["Stack", "Rule", "Kind", "Cases"]))
            document.add(groups.prefix(4 * Self.toldCauses).map { group in { row(group) } }, noun: "cause")
        }
        document.add(groups.prefix(Self.toldCauses).map { group in { section(group) } }, noun: "cause")
        if groups.count > Self.toldCauses {
            document.add(
                "\nAnd \(Count.of(groups.count - Self.toldCauses, "cause")) more, which the JSON results hold.\n"
            )
        }
    }

    private func row(_ group: CauseGroup) -> String {
        MarkdownText.row([
            MarkdownText.cell(group.stack), MarkdownText.code(group.subject),
            group.differenceClass?.rawValue ?? group.cause.verdict.rawValue, Count.grouped(group.cases.count),
        ])
    }

    private func section(_ group: CauseGroup) -> String {
        var text = "\n### \(MarkdownText.cell(group.stack)): \(MarkdownText.code(group.subject))\n\n"
        text += "**\(group.summary)**" + (group.sentence.map { ": \(MarkdownText.cell($0))" } ?? "") + "\n"
        text += example(group.example, of: group)
        let others = group.cases.dropFirst()
        guard !others.isEmpty else { return text }
        text += "\n<details><summary>\(Count.of(others.count, "other case"))</summary>\n\n"
        text += others.prefix(Self.namedCases).map { "- \(MarkdownText.code($0.id))\n" }.joined()
        if others.count > Self.namedCases {
            text += "- and \(Count.of(others.count - Self.namedCases, "case")) that the JSON results name\n"
        }
        return text + "\n</details>\n"
    }

    private func example(_ result: CaseResult, of group: CauseGroup) -> String {
        let narrative = CaseNarrative(result, rules: rules, options: options)
        let label = group.cases.count == 1 ? "The case" : "For example"
        var text = "\n\(label): \(MarkdownText.code(result.id))\n\n"
        text += "\(MarkdownText.cell(narrative.reason, limit: Self.lineLimit))\n\n"
        text += list("Expected", narrative.expected)
        text += list("By the rule", narrative.decidedBy)
        text += list("Seen", narrative.seen)
        return text + "\n" + MarkdownText.block(narrative.command, language: "sh")
    }

    private func list(_ title: String, _ lines: [String]) -> String {
        lines.map { "- \(title): \(MarkdownText.cell($0, limit: Self.lineLimit))\n" }.joined()
    }
}
