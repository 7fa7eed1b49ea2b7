extension Profile {
    /// The profile as YAML that ``profile(yaml:file:anyStack:)`` reads back.
    package var yaml: String {
        var text = "# What a run has shown of \(stack.rawValue).\nstack: \(stack.rawValue)\n"
        if !includes.isEmpty { text += "includes: [\(includes.map(\.rawValue).joined(separator: ", "))]\n" }
        let byRule = Dictionary(grouping: rules, by: \.rule).sorted { $0.key.order < $1.key.order }
        if !byRule.isEmpty { text += "rules:\n" }
        for (rule, entries) in byRule {
            text += "  \(rule.rawValue):\n"
            for entry in entries {
                var lines = entry.scope.lines
                lines.append("answer: \(entry.answer.rawValue)")
                lines.append("class: \(entry.differenceClass.rawValue)")
                if let reason = entry.conduct.reason { lines.append("reason: \(reason.rawValue)") }
                if let alert = entry.conduct.alert { lines.append("alert: \(alert.yaml)") }
                lines.append("why: \(Self.quoted(entry.why))")
                lines.append("source: \(Self.quoted(entry.source))")
                text += "    - " + lines.joined(separator: "\n      ") + "\n"
            }
        }
        let bySubject = Dictionary(grouping: alerts, by: \.subject.name).sorted { $0.key < $1.key }
        if !bySubject.isEmpty { text += "alerts:\n" }
        for (subject, entries) in bySubject {
            let items = entries.map { "{\(($0.scope.lines + ["is: \($0.alerts.yaml)"]).joined(separator: ", "))}" }
            text += "  \(subject): [\(items.joined(separator: ", "))]\n"
        }
        let byReason = Dictionary(grouping: readings, by: \.reason).sorted { $0.key.rawValue < $1.key.rawValue }
        if !byReason.isEmpty { text += "reads-as:\n" }
        for (reason, entries) in byReason {
            let items = entries.map { "{\(($0.scope.lines + ["is: \($0.word)"]).joined(separator: ", "))}" }
            text += "  \(reason.rawValue): [\(items.joined(separator: ", "))]\n"
        }
        if !lateRefusals.isEmpty { text += "refuses-with:\n" }
        for late in lateRefusals {
            let reasons = late.reasons.map(\.rawValue).sorted().joined(separator: ", ")
            let status = late.status.map(String.init) ?? "none"
            let lines = ["status: \(status)"] + late.scope.lines + ["for: [\(reasons)]"]
            text += "  - {\(lines.joined(separator: ", "))}\n"
        }
        if sendsPlaintextAlerts || ignoresPlaintextAlerts {
            text += "plaintext-alerts: {sends: \(sendsPlaintextAlerts), reads: \(!ignoresPlaintextAlerts)}\n"
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension Profile.Scope {
    fileprivate var lines: [String] {
        var lines: [String] = []
        if let side { lines.append("side: \(side.rawValue)") }
        if let tls { lines.append("tls: \(tls.rawValue)") }
        if !versions.isEmpty {
            lines.append("versions: [\(versions.map { "\"\($0)\"" }.joined(separator: ", "))]")
        }
        return lines
    }
}

extension Conduct.StatedAlerts {
    fileprivate var yaml: String {
        guard let alerts else { return "any" }
        if alerts.isEmpty { return "none" }
        let names = alerts.sorted().map(\.name)
        return names.count == 1 ? names[0] : "[\(names.joined(separator: ", "))]"
    }
}
