internal import ConformanceModel

/// The documented failure modes of a run: each with the verdict of both halves, and its sources.
struct FailureModeTable {
    private let outcomes: [FailureModeOutcome]

    init(_ outcomes: [FailureModeOutcome]) {
        self.outcomes = outcomes
    }

    func add(to document: inout BoundedDocument) {
        guard !outcomes.isEmpty else { return }
        document.add("\n## Failure modes\n\n\(FailureModeWords.summary(outcomes))\n\n")
        document.add(MarkdownText.header(["Failure mode", "Right half", "Wrong half", "Sources"]))
        let rows = outcomes.map { outcome in
            {
                let words = FailureModeWords(outcome)
                let sources = outcome.sources.map { "<\(MarkdownText.cell($0))>" }.joined(separator: " ")
                return MarkdownText.row([
                    "\(MarkdownText.code(outcome.id)) \(MarkdownText.cell(outcome.title))",
                    MarkdownText.cell(words.right), MarkdownText.cell(words.wrong), sources,
                ])
            }
        }
        document.add(rows, noun: "failure mode")
    }
}

/// Each rule of the oracle with the number of cases that it decided.
struct RuleTable {
    private let hits: [String: Int]
    private let descriptions: [String: RuleDescription]

    init(_ hits: [String: Int], _ rules: [RuleDescription]) {
        self.hits = hits
        descriptions = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func add(to document: inout BoundedDocument) {
        let ids = Set(hits.keys).union(descriptions.keys).sorted()
        guard !ids.isEmpty else { return }
        let silent = ids.count { hits[$0, default: 0] == 0 }
        document.add(
            "\n## Rules\n\n\(Count.of(ids.count - silent, "rule")) decided a case, \(Count.grouped(silent)) none.\n\n"
        )
        document.add(MarkdownText.header(["Rule", "What it says", "Where that is written", "Cases"]))
        let rows = ids.map { id in
            {
                let rule = descriptions[id]
                return MarkdownText.row([
                    MarkdownText.cell(id), MarkdownText.cell(rule?.sentence ?? "–"),
                    MarkdownText.cell(rule?.citation ?? "–"), Count.grouped(hits[id, default: 0]),
                ])
            }
        }
        document.add(rows, noun: "rule")
    }
}
