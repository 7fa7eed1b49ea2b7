internal import ConformanceModel

/// How the cases of each server with each client ended.
struct PairingMatrix {
    private let counts: [Pairing: [Verdict: Int]]

    init(_ results: [CaseResult]) {
        counts = results.reduce(into: [:]) { counts, result in
            counts[Pairing(server: result.server, client: result.client), default: [:]][result.verdict, default: 0] += 1
        }
    }

    func add(to document: inout BoundedDocument) {
        guard !counts.isEmpty else { return }
        let clients = Set(counts.keys.map(\.client)).sorted()
        let servers = Set(counts.keys.map(\.server)).sorted()
        document.add("\n## Server × client\n\nEach cell: passed / deviated / failed / other.\n\n")
        document.add(MarkdownText.header(["Server"] + clients.map { "client \(MarkdownText.cell($0.rawValue))" }))
        let rows = servers.map { server in
            {
                MarkdownText.row(
                    [MarkdownText.cell(server.rawValue)]
                        + clients.map { cell(Pairing(server: server, client: $0)) }
                )
            }
        }
        document.add(rows, noun: "server")
    }

    private func cell(_ pairing: Pairing) -> String {
        guard let verdicts = counts[pairing] else { return "–" }
        let named: [Verdict] = [.passed, .deviated, .failed]
        let other = verdicts.filter { !named.contains($0.key) }.reduce(0) { $0 + $1.value }
        return (named.map { verdicts[$0, default: 0] } + [other]).map(Count.grouped).joined(separator: " / ")
    }
}

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
