package import ConformanceModel

/// The answer to the two questions that the owner of a server or a client has: whom does it let in that must stay out, and
/// what else does it do otherwise than the rules.
package struct SubjectSummary {
    private let name: String
    private let profile: InferredProfile
    private let cases: [CaseResult]
    private let rules: [String: RuleDescription]

    /// Nil for a report that says nothing of the stack.
    package init?(of stack: Stack, named name: String, in report: RunReport, rules: [RuleDescription]) {
        guard let profile = report.profiles?[stack.rawValue] else { return nil }
        self.name = name
        self.profile = profile
        cases = report.cases.filter { [$0.server, $0.client].contains(stack) }
        self.rules = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package var text: String {
        let holes = profile.rules(of: .hole)
        let asked = "\(profile.decided.asked) rules asked; \(profile.undecided.count) undecided"
        var lines: [String] = []
        if profile.decided.asked == 0 {
            lines.append("\(name) was asked nothing: no case that was played is about what it does.")
        } else if holes.isEmpty, profile.unexplained.isEmpty {
            lines.append("\(name) lets nobody in who must stay out, in \(asked).")
        } else if holes.isEmpty {
            lines.append("\(name) did in \(profile.unexplained.count) cases what no rule explains, in \(asked).")
        } else {
            lines.append("\(name) lets in who must stay out, by \(holes.count) of \(asked):")
        }
        for rule in holes { lines += told(rule, "hole") }
        for rule in profile.rules(of: .stricter) { lines += told(rule, "stricter") }
        if let unruled = profile.unruled, let first = unruled.first {
            lines.append("  stricter  \(unruled.count) cases are refused, and no rule says why")
            lines.append(witness(first, of: unruled.count))
        }
        for rule in profile.rules(of: .wording) { lines += told(rule, "wording") }
        for (defect, alerts) in profile.alerts.sorted(by: { $0.key < $1.key }) {
            lines.append("  wording   \(defect) is refused with \(alerts.joined(separator: ", "))")
        }
        if !profile.undecided.isEmpty {
            lines.append("  undecided \(profile.undecided.joined(separator: ", "))")
        }
        let unasked = Dictionary(grouping: cases.filter { $0.verdict == .unsupported }) {
            $0.reason ?? "no reason told"
        }
        for (reason, cases) in unasked.sorted(by: { $0.key < $1.key }) {
            lines.append("  not asked \(cases.count) cases: \(reason)")
        }
        if let nearest = profile.nearest.first {
            lines.append(
                "  nearest   \(nearest.stack.rawValue), \(Int((nearest.agreement * 100).rounded())) % agreement"
            )
        }
        return lines.joined(separator: "\n")
    }

    /// The rule with its citation, a case that shows it, and what the server said there.
    private func told(_ rule: String, _ word: String) -> [String] {
        guard let otherwise = profile.rules[rule] else { return [] }
        let sentence = rules[rule].map { "\($0.sentence) (\($0.citation))" } ?? ""
        var lines = ["  \(word.padded(to: 9)) \(rule): \(sentence)"]
        guard let id = otherwise.cases.first else { return lines }
        lines.append(witness(id, of: otherwise.count))
        return lines
    }

    private func witness(_ id: String, of count: Int) -> String {
        let more = count > 1 ? ", and \(count - 1) more" : ""
        let seen = cases.first { $0.id == id }?.observed.client.last?.detail.map { ": \($0)" } ?? ""
        return "            seen in \(id)\(more)\(seen)"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
