/// The rules that one stack answers otherwise: scenarios/profiles/STACK.yaml.
package struct Profile: Hashable, Sendable {
    /// Where an entry holds: everywhere, unless it says a side, a version of TLS or versions of its stack.
    package struct Scope: Hashable, Sendable {
        package var side: Side?
        package var tls: ProtocolVersion?
        /// As prefixes: `3.7` covers 3.7.9. All when empty.
        package var versions: [String] = []

        package init(side: Side? = nil, tls: ProtocolVersion? = nil, versions: [String] = []) {
            self.side = side
            self.tls = tls
            self.versions = versions
        }

        package func covers(_ side: Side, _ tls: ProtocolVersion) -> Bool {
            (self.side ?? side) == side && (self.tls ?? tls) == tls
        }
    }

    /// A rule that the stack answers otherwise.
    package struct RuleEntry: Hashable, Sendable {
        package var rule: Rule
        package var scope: Scope
        package var answer: Answer
        package var conduct: Conduct.Answer
        package var why: String
        package var source: String
        package var line: Int

        package init(
            rule: Rule,
            scope: Scope = Scope(),
            answer: Answer,
            conduct: Conduct.Answer = Conduct.Answer(),
            why: String = "",
            source: String = "",
            line: Int = 0
        ) {
            self.rule = rule
            self.scope = scope
            self.answer = answer
            self.conduct = conduct
            self.why = why
            self.source = source
            self.line = line
        }
    }

    /// Whether an entry speaks of a class of defects or of what one rule finds.
    package enum Subject: Hashable, Sendable {
        case defect(DefectReason)
        case rule(Rule)

        package var name: String {
            switch self {
            case .defect(let reason): reason.rawValue
            case .rule(let rule): rule.rawValue
            }
        }
    }

    package struct AlertEntry: Hashable, Sendable {
        package var subject: Subject
        package var scope: Scope
        package var alerts: Conduct.StatedAlerts
        package var why: String
        package var line: Int

        package init(
            subject: Subject,
            scope: Scope = Scope(),
            alerts: Conduct.StatedAlerts,
            why: String = "",
            line: Int = 0
        ) {
            self.subject = subject
            self.scope = scope
            self.alerts = alerts
            self.why = why
            self.line = line
        }
    }

    package struct ReadingEntry: Hashable, Sendable {
        package var reason: DefectReason
        package var scope: Scope
        package var word: String

        package init(reason: DefectReason, scope: Scope = Scope(), word: String) {
            self.reason = reason
            self.scope = scope
            self.word = word
        }
    }

    /// Refusals that come after a handshake that was accepted, as nginx answers with a status of HTTP.
    package struct LateRefusal: Hashable, Sendable {
        package var scope: Scope
        package var reasons: Set<DefectReason>
        /// The status of the answer; nil where the connection is closed.
        package var status: Int?

        package init(scope: Scope = Scope(), reasons: Set<DefectReason>, status: Int? = nil) {
            self.scope = scope
            self.reasons = reasons
            self.status = status
        }
    }

    package var stack: Stack
    /// The stacks that it is built on: what they do it does too, unless it says something else.
    package var includes: [Stack] = []
    package var rules: [RuleEntry] = []
    package var alerts: [AlertEntry] = []
    package var readings: [ReadingEntry] = []
    package var lateRefusals: [LateRefusal] = []
    /// Client: sends alerts in plaintext when it refuses a server of TLS 1.3.
    package var sendsPlaintextAlerts = false
    /// Server: doesn't read such alerts.
    package var ignoresPlaintextAlerts = false
    /// The differences that no rule can express.
    package var exceptions: [ProfileException] = []
    package var file = ""

    package init(stack: Stack) {
        self.stack = stack
    }

    /// Whether it says nothing.
    package var isEmpty: Bool {
        rules.isEmpty && alerts.isEmpty && readings.isEmpty && lateRefusals.isEmpty && exceptions.isEmpty
            && includes.isEmpty && !sendsPlaintextAlerts && !ignoresPlaintextAlerts
    }

    /// The same profile under another name of its stack.
    package func renamed(_ name: Stack) -> Profile {
        var renamed = self
        renamed.stack = name
        for index in renamed.exceptions.indices { renamed.exceptions[index].stack = name }
        return renamed
    }
}

extension Profile.RuleEntry {
    /// The class follows from the rule and cannot be chosen.
    package var differenceClass: DifferenceClass { rule.counterfactual.class }
}

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
