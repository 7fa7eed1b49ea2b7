package import ConformanceModel
package import FoundationEssentials

/// The last runs, a line of JSON each, from which reports draw a trend.
package struct RunHistory: Sendable {
    /// One run in numbers.
    package struct Entry: Hashable, Codable, Sendable {
        /// The start of the run in UTC, RFC 3339.
        package var started: String
        package var seed: UInt64
        package var version: String
        /// Stack name to version.
        package var environment: [String: String]
        package var catalogue: String?
        package var cases: Int
        package var unexpected: Int
        /// The titles of the causes of unexpected results.
        package var causes: [String]
        package var isComplete: Bool
        package var durationMs: Double
    }

    /// The runs that a file keeps, and those that a report shows.
    static let kept = 500
    static let shown = 30

    /// The oldest first.
    package private(set) var entries: [Entry]

    package init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// Reads a file, which is empty before the first run.
    ///
    /// - Throws: `ResultsError`, which names the file and the line.
    package static func decode(_ data: Data, from source: String) throws(ResultsError) -> RunHistory {
        var entries: [Entry] = []
        for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                entries.append(try JSONDecoder().decode(Entry.self, from: Data(line)))
            } catch {
                throw ResultsError("\(source): line \(number + 1) is not a run of a history; name another file")
            }
        }
        return RunHistory(entries: entries)
    }

    /// Adds a run, or puts it in the place of the same run, so that `report` and `run` may name one file.
    package mutating func add(_ report: RunReport) {
        entries.removeAll { $0.started == report.started && $0.seed == report.seed }
        entries.append(
            Entry(
                started: report.started,
                seed: report.seed,
                version: report.tool.version,
                environment: report.environment,
                catalogue: report.plan?.catalogue,
                cases: report.cases.count,
                unexpected: report.cases.count { !$0.verdict.isExpected },
                causes: CauseGroups(report, rules: []).groups.prefix(20).map { SingleLine.of($0.title, limit: 200) },
                isComplete: report.isComplete,
                durationMs: report.durationMs
            )
        )
        entries.sort { $0.started < $1.started }
        entries = entries.suffix(Self.kept)
    }

    package func encode() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = Data()
        for entry in entries {
            data.append(try encoder.encode(entry))
            data.append(UInt8(ascii: "\n"))
        }
        return data
    }

    /// The latest runs, the newest first, each with the versions that it has otherwise than the run before.
    var rows: [Row] {
        let latest = entries.suffix(Self.shown)
        let worst = max(1, latest.map(\.unexpected).max() ?? 1)
        return latest.indices.reversed().map { index in
            let entry = entries[index]
            let before = index > entries.startIndex ? entries[index - 1] : nil
            var changes = before.map { before in
                entry.environment.sorted { $0.key < $1.key }.filter { before.environment[$0.key] != $0.value }
                    .map { "\($0.key) \(before.environment[$0.key] ?? "absent") → \($0.value)" }
            }
            if let before, before.catalogue != entry.catalogue { changes?.append("another catalogue") }
            return Row(
                started: entry.started,
                cases: Count.grouped(entry.cases) + (entry.isComplete ? "" : ", stopped"),
                unexpected: Count.grouped(entry.unexpected),
                // A run with one unexpected result of thousands must be seen too.
                share: entry.unexpected == 0 ? 0 : max(2, 100 * entry.unexpected / worst),
                seconds: Count.seconds(entry.durationMs),
                changes: (changes ?? []).joined(separator: ", ")
            )
        }
    }

    /// One run as a report shows it.
    struct Row {
        var started: String
        var cases: String
        var unexpected: String
        /// Of the most unexpected results of the runs shown, in percent.
        var share: Int
        var seconds: String
        var changes: String
    }

    func add(to document: inout BoundedDocument) {
        let rows = rows
        guard !rows.isEmpty else { return }
        document.add("\n## The last runs\n\n")
        document.add(MarkdownText.header(["Started", "Cases", "Unexpected", "", "Seconds", "Other versions"]))
        document.add(
            rows.map { row in
                {
                    MarkdownText.row([
                        MarkdownText.cell(row.started), row.cases, row.unexpected,
                        String(repeating: "█", count: (row.share + 9) / 10), row.seconds,
                        MarkdownText.cell(row.changes),
                    ])
                }
            },
            noun: "run"
        )
    }
}
