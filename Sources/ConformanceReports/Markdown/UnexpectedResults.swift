internal import ConformanceModel

/// Every result that turned the run red, with all that is needed to look into it.
struct UnexpectedResults {
    /// Characters of one stack's message that are shown; the JSON results hold the whole.
    private static let lineLimit = 4000

    private let results: [CaseResult]
    private let rules: [RuleDescription]
    private let options: RunOptions?

    init(_ report: RunReport, _ rules: [RuleDescription]) {
        results = report.cases.filter { !$0.verdict.isExpected }
        options = report.options
        self.rules = rules
    }

    func add(to document: inout BoundedDocument) {
        document.add("\n## Unexpected results\n")
        guard !results.isEmpty else {
            document.add("\nNone.\n")
            return
        }
        document.add(results.map { result in { section(result) } }, noun: "unexpected result")
    }

    private func section(_ result: CaseResult) -> String {
        let narrative = CaseNarrative(result, rules: rules, options: options)
        var text = "\n### \(MarkdownText.code(result.id))\n\n"
        text += "**\(result.verdict.rawValue)**: \(MarkdownText.cell(narrative.reason, limit: Self.lineLimit))\n\n"
        text += list("Expected", narrative.expected)
        text += list("By the rule", narrative.decidedBy)
        text += list("Seen", narrative.seen)
        return text + "\n" + MarkdownText.block(narrative.command, language: "sh")
    }

    private func list(_ title: String, _ lines: [String]) -> String {
        lines.map { "- \(title): \(MarkdownText.cell($0, limit: Self.lineLimit))\n" }.joined()
    }
}
