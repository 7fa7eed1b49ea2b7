package import ConformanceModel

/// The observed behaviour of one stack: the alert for each defect, and where it differs.
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
        text += withholding
        text += rotation
        text += resumption
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

    /// Whether the client presents a certificate whose issuer the server's CA names don't have. A client that withholds
    /// it turns every “unknown authority” into “no certificate”.
    private var withholding: String {
        var counts: [String: Int] = [:]
        for result in cases where result.client == stack && result.axes["credential"] == Self.unlistedCredential {
            guard result.axes["clientAuth"] != ClientAuthMode.noClientCert.rawValue,
                result.verdict != .unsupported, let server = result.observed.server.last,
                let client = result.observed.client.last
            else { continue }
            let isPresented: Bool? =
                if client.tells(.presented) {
                    client.presented != nil
                } else if server.tells(.received), server.received != nil || server.accepted {
                    server.received != nil
                } else {
                    nil
                }
            counts[isPresented.map { $0 ? "presented" : "withheld" } ?? "not told", default: 0] += 1
        }
        return Self.table("A certificate whose issuer the CA names don't have", "The client", counts)
    }

    /// How the stack bore a change of its identity while it ran.
    private var rotation: String {
        let counts = cases.filter { $0.scenario.hasPrefix("rotation/") }.reduce(into: [String: Int]()) {
            $0[$1.verdict.rawValue, default: 0] += 1
        }
        return Self.table("Rotation while it runs", "Verdict", counts)
    }

    /// The server's treatment of sessions that it had to resume, as its clients saw it.
    private var resumption: String {
        var counts: [String: Int] = [:]
        for result in cases where result.server == stack && result.verdict != .unsupported {
            guard result.scenario.hasPrefix("resumption/"), result.expected.last?.resumed == true,
                let client = result.observed.client.last, client.tells(.resumed)
            else { continue }
            counts[client.resumed ? "resumed" : "shook hands in full", default: 0] += 1
        }
        return Self.table("A session that is offered again", "The server", counts)
    }

    private static func table(_ title: String, _ label: String, _ counts: [String: Int]) -> String {
        guard !counts.isEmpty else { return "" }
        return "\n## \(title)\n\n" + MarkdownText.header([label, "Cases"])
            + counts.sorted { $0.key < $1.key }.map {
                MarkdownText.row([MarkdownText.cell($0.key), String($0.value)])
            }
            .joined()
    }

    private static let unlistedCredential = "untrusted-ca"

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
        Self.table(title, "What", results.reduce(into: [:]) { $0[label($1), default: 0] += 1 })
    }
}
