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

/// The known deviations that explained a result, each with its count.
struct DeviationTable {
    private struct Entry: Hashable, Comparable {
        var stack: String
        var name: String

        /// Reads `STACK: entry`.
        init(label: Substring) {
            let words = label.split(separator: ": ", maxSplits: 1)
            stack = String(words.first ?? "")
            name = String(words.dropFirst().first ?? "")
        }

        static func < (lhs: Entry, rhs: Entry) -> Bool {
            (lhs.stack, lhs.name) < (rhs.stack, rhs.name)
        }
    }

    private var counts: [Entry: Int] = [:]
    private var reasons: [Entry: String] = [:]

    init(_ results: [CaseResult]) {
        var combined: [Entry: String] = [:]
        for result in results where result.verdict == .deviated {
            // A result that needed two entries names both, `STACK: entry, STACK: entry`, and its reason is theirs.
            let entries = (result.deviation ?? "").split(separator: ", ").map { Entry(label: $0) }
            for entry in entries {
                counts[entry, default: 0] += 1
                if entries.count == 1, reasons[entry] == nil { reasons[entry] = result.reason ?? "" }
                if combined[entry] == nil { combined[entry] = result.reason ?? "" }
            }
        }
        reasons.merge(combined) { single, _ in single }
    }

    func add(to document: inout BoundedDocument) {
        document.add("\n## Known deviations\n\n")
        guard !counts.isEmpty else {
            document.add("No result needed one.\n")
            return
        }
        document.add(MarkdownText.header(["Stack", "Entry", "Cases", "Reason"]))
        let rows = counts.keys.sorted().map { entry in
            {
                MarkdownText.row([
                    MarkdownText.cell(entry.stack), MarkdownText.cell(entry.name),
                    Count.grouped(counts[entry, default: 0]), MarkdownText.cell(reasons[entry, default: ""]),
                ])
            }
        }
        document.add(rows, noun: "deviation")
    }
}
