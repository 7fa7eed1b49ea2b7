package import ConformanceModel

/// A page on the rotation of one real server, in Markdown.
package struct RotationPage: Sendable {
    private let report: RotationReport

    package init(_ report: RotationReport) {
        self.report = report
    }

    package var markdown: String {
        var lines = [
            "# Rotation of \(MarkdownText.cell(report.stack)) \(MarkdownText.cell(report.version)) under load",
            "",
            "\(report.handshakes) handshakes in TLS \(report.tls.rawValue), one after the other, while the files changed. "
                + "A handshake is lost when it fails although its client is entitled to come in before and after the "
                + "change. The old state counts from the moment at which the server was told.",
            "",
            "| Change | It takes the new files | Told by | Handshakes | Lost | Old state met | Connection from before | Session from before |",
            "| --- | --- | --- | ---: | ---: | --- | --- | --- |",
        ]
        for step in report.steps {
            let old = step.oldServed == 0 ? "never" : "\(step.oldServed) times, for \(step.oldMilliseconds) ms"
            let fields = [
                step.change.rawValue, step.notice.rawValue + (step.ended ? ", and ends" : ""),
                MarkdownText.cell(step.telling),
                "\(step.handshakes)", "\(step.lost)", old, step.kept?.rawValue ?? "–", step.session?.rawValue ?? "–",
            ]
            lines.append("| \(fields.joined(separator: " | ")) |")
        }
        lines += ["", "## Verdicts", ""]
        for step in report.steps { lines.append("- **\(step.change.rawValue)**: \(step.verdict).") }
        let losses = report.steps.filter { $0.firstLoss != nil }
        if !losses.isEmpty {
            lines += ["", "## Lost handshakes", ""]
            for step in losses {
                lines.append("- **\(step.change.rawValue)**: \(MarkdownText.cell(step.firstLoss ?? ""))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
