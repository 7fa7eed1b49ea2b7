internal import ConformanceModel

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
