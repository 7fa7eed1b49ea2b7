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
