package import ConformanceModel

/// A run as Markdown for people: the answer, then what is wrong by its cause, then the tables.
package struct MarkdownReport {
    /// The size in bytes that a report stays below.
    package static let defaultLimit = 900 * 1024

    package let text: String

    package init(
        _ report: RunReport,
        rules: [RuleDescription],
        history: RunHistory = RunHistory(),
        limit: Int = Self.defaultLimit
    ) {
        var document = BoundedDocument(limit: limit)
        document.add("# Conformance of mutual TLS\n\n**\(MarkdownText.cell(ResultSentence(report).text))**\n")
        document.add("\n\(MarkdownText.cell(ProvenanceLine(report).text, limit: 2000))\n")
        Self.addFindings(report, to: &document)
        CauseSections(report, rules).add(to: &document)
        Self.addTotals(report, to: &document)
        history.add(to: &document)
        ProfileTable(report).add(to: &document)
        Self.addEnvironment(report, to: &document)
        PairingMatrix(report.cases).add(to: &document)
        CredentialTables(report.cases).add(to: &document)
        RotationTimelines(report.cases).add(to: &document)
        DeviationTable(report.cases).add(to: &document)
        RuleTable(report.rules, rules).add(to: &document)
        FailureModeTable(report.failureModes ?? []).add(to: &document)
        text = document.text
    }

    private static func addTotals(_ report: RunReport, to document: inout BoundedDocument) {
        document.add("\n## Totals\n\n" + MarkdownText.header(["Verdict", "Cases"]))
        for verdict in Verdict.allCases {
            let count = report.totals.verdicts[verdict.rawValue, default: 0]
            document.add(MarkdownText.row([verdict.rawValue, Count.grouped(count)]))
        }
        document.add(MarkdownText.row(["**all**", "**\(Count.grouped(report.totals.cases))**"]))
    }

    private static func addFindings(_ report: RunReport, to document: inout BoundedDocument) {
        guard !report.findings.isEmpty else { return }
        document.add("\n## Findings of the run as a whole\n\n")
        document.add(report.findings.map { finding in { "- \(MarkdownText.cell(finding))\n" } }, noun: "finding")
    }

    private static func addEnvironment(_ report: RunReport, to document: inout BoundedDocument) {
        document.add("\n## Environment\n\n" + MarkdownText.header(["What", "Value"]))
        var rows = [
            ("tool", "\(report.tool.name) \(report.tool.version)"),
            ("seed", String(report.seed)),
            ("started", report.started),
            ("duration", "\(Count.seconds(report.durationMs)) s"),
            ("complete", report.isComplete ? "yes" : "no, the run was stopped"),
        ]
        rows += report.environment.sorted { $0.key < $1.key }.map { ("stack \($0.key)", $0.value) }
        document.add(
            rows.map { row in { MarkdownText.row([MarkdownText.cell(row.0), MarkdownText.cell(row.1)]) } },
            noun: "line"
        )
    }
}

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
