internal import ConformanceModel

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
