package import Conformance

/// What one stack does, as it was seen: the alert for each defect, and where it differs.
package struct StackPage: Sendable {
    package let stack: Stack
    private let cases: [CaseResult]
    private let version: String?

    package init(_ stack: Stack, in report: RunReport) {
        self.stack = stack
        cases = report.cases.filter { $0.server == stack || $0.client == stack }
        version = report.environment[stack.rawValue]
    }

    package var markdown: String {
        var text = "# \(MarkdownText.cell(stack.rawValue))"
        if let version { text += " \(MarkdownText.cell(version))" }
        text += "\n"
        text += alerts
        text += deviations
        text += unsupported
        return text
    }

    private var alerts: String {
        var table: [String: [String: Set<String>]] = [:]
        for result in cases where result.server == stack {
            guard let expected = result.expected.last, expected.outcome.by == .server, expected.outcome.isRejection,
                let seen = result.observed.server.last, !seen.accepted || !seen.tells(.accepted)
            else { continue }
            let defect = expected.outcome.reasons.joined(separator: ", ")
            let alert = seen.alertSent?.name ?? (seen.tells(.alertSent) ? "none" : "not told")
            table[defect, default: [:]][result.axes["tls"] ?? "", default: []].insert(alert)
        }
        guard !table.isEmpty else { return "" }
        var text = "\n## Alerts of the server\n\n" + MarkdownText.header(["Defect", "TLS 1.2", "TLS 1.3"])
        for (defect, versions) in table.sorted(by: { $0.key < $1.key }) {
            let columns = ["1.2", "1.3"].map { versions[$0]?.sorted().joined(separator: ", ") ?? "–" }
            text += MarkdownText.row(([defect] + columns).map { MarkdownText.cell($0) })
        }
        return text
    }

    private var deviations: String {
        list(
            "Deviations",
            cases.filter { $0.verdict == .deviated && $0.deviation?.contains("\(stack.rawValue):") == true }
        ) { "\($0.deviation ?? ""): \($0.reason ?? "")" }
    }

    private var unsupported: String {
        list("Unsupported", cases.filter { $0.verdict == .unsupported }) { $0.reason ?? "" }
    }

    private func list(_ title: String, _ results: [CaseResult], _ label: (CaseResult) -> String) -> String {
        let counts = results.reduce(into: [String: Int]()) { $0[label($1), default: 0] += 1 }
        guard !counts.isEmpty else { return "" }
        var text = "\n## \(title)\n\n" + MarkdownText.header(["What", "Cases"])
        for (words, count) in counts.sorted(by: { $0.key < $1.key }) {
            text += MarkdownText.row([MarkdownText.cell(words), String(count)])
        }
        return text
    }
}
