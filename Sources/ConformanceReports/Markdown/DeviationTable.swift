internal import Conformance

/// The known deviations that explained a result, each with its count.
struct DeviationTable {
    private struct Entry: Hashable, Comparable {
        var stack: String
        var name: String

        static func < (lhs: Entry, rhs: Entry) -> Bool {
            (lhs.stack, lhs.name) < (rhs.stack, rhs.name)
        }
    }

    private var counts: [Entry: Int] = [:]
    private var reasons: [Entry: String] = [:]

    init(_ results: [CaseResult]) {
        for result in results where result.verdict == .deviated {
            let words = (result.deviation ?? "").split(separator: ":", maxSplits: 1).map {
                $0.trimmingPrefix { $0 == " " }
            }
            let entry = Entry(stack: String(words.first ?? ""), name: String(words.dropFirst().first ?? ""))
            counts[entry, default: 0] += 1
            if reasons[entry] == nil { reasons[entry] = result.reason ?? "" }
        }
    }

    func add(to document: inout BoundedDocument) {
        document.add("\n## Known deviations\n\n")
        guard !counts.isEmpty else {
            document.add("No result needed one.\n")
            return
        }
        document.add("The reason is that of the first case of each entry.\n\n")
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
