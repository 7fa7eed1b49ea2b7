internal import ConformanceModel

/// The rules that a run asked its subject about, as JUnit's test cases: a CI's list of failed tests then names rules.
///
/// A subject that breaks one rule fails in many cases. Those cases are in the text of the rule's failure; cases that no
/// rule accounts for stay test cases of their own.
struct JUnitRules {
    /// The cases that a failure names.
    private static let namedCases = 20

    private let report: RunReport
    private let rules: [RuleDescription]
    private let groups: CauseGroups
    private let subjects: [Stack]

    /// - Returns: nil for a run without a subject, whose test cases are its cases.
    init?(_ report: RunReport, rules: [RuleDescription]) {
        subjects = report.subjects.filter { report.profiles?[$0.rawValue] != nil }
        guard !subjects.isEmpty else { return nil }
        self.report = report
        self.rules = rules
        groups = CauseGroups(report, rules: rules)
    }

    /// A suite for each subject, and one for the unexpected cases that no rule of a subject accounts for.
    var suites: [JUnitSuite] {
        var suites = subjects.map { JUnitSuite(name: "rules of \($0.rawValue)", cases: cases(of: $0)) }
        let explained = Set(subjects.flatMap { subject in ruleIDs(of: subject).map { [subject.rawValue, $0] } })
        let others = groups.groups.filter { group in
            !explained.contains([group.cause.stack, group.cause.rule ?? ""])
        }
        let unexplained = others.flatMap(\.cases).map { JUnitCase($0, rules: rules, options: report.options) }
        if !unexplained.isEmpty { suites.append(JUnitSuite(name: "cases without a rule", cases: unexplained)) }
        return suites
    }

    private func ruleIDs(of subject: Stack) -> [String] {
        guard let profile = report.profiles?[subject.rawValue] else { return [] }
        let blamed = groups.groups.filter { $0.cause.stack == subject.rawValue }.compactMap(\.cause.rule)
        return Set(profile.kept + profile.rules.keys + profile.undecided + blamed).sorted()
    }

    private func cases(of subject: Stack) -> [JUnitCase] {
        ruleIDs(of: subject).map { id in
            let group = groups.group(of: subject, rule: id)
            return JUnitCase(
                className: "rules.\(subject.rawValue)",
                name: id,
                durationMs: group?.cases.reduce(0) { $0 + $1.durationMs } ?? 0,
                end: group.map(failure) ?? end(of: id, subject)
            )
        }
    }

    private func failure(_ group: CauseGroup) -> JUnitCase.End {
        var lines = [group.sentence ?? group.subject, group.title, "for example \(group.example.id)"]
        lines.append(CaseNarrative(group.example, rules: rules, options: report.options).text)
        let others = group.cases.dropFirst()
        lines += others.prefix(Self.namedCases).map { "also: \($0.id)" }
        if others.count > Self.namedCases {
            lines.append("and \(Count.of(others.count - Self.namedCases, "case")) more")
        }
        return .failure(
            type: group.differenceClass?.rawValue ?? group.cause.verdict.rawValue,
            text: lines.joined(separator: "\n")
        )
    }

    private func end(of id: String, _ subject: Stack) -> JUnitCase.End {
        guard let profile = report.profiles?[subject.rawValue] else { return .passed(note: nil) }
        if let entry = profile.rules[id] {
            return .passed(
                note: "\(subject.rawValue) \(entry.answer.rawValue): \(entry.class.rawValue), seen in "
                    + "\(Count.of(entry.count, "case")), for example \(entry.cases.first ?? "none")"
            )
        }
        if profile.kept.contains(id) { return .passed(note: nil) }
        return .skipped(text: "undecided: no case that was played tells whether \(subject.rawValue) keeps this rule")
    }
}

/// Checks that are no cases of a run, as JUnit XML: a suite for each group, a test case for each check.
package struct JUnitChecks {
    /// One check, and the reason why it failed.
    package struct Check: Sendable, Hashable {
        package var name: String
        /// Nil where it passed.
        package var failure: String?

        package init(name: String, failure: String?) {
            self.name = name
            self.failure = failure
        }
    }

    package let text: String

    /// - Parameters:
    ///   - name: of the whole, for example `countersign rehearse`.
    ///   - type: of a failure, one word.
    package init(_ name: String, type: String, suites: [(name: String, checks: [Check])]) {
        var counts = JUnitCounts()
        var elements: [JUnitElement] = []
        for suite in suites {
            let cases = suite.checks.map { check in
                JUnitCase(
                    className: suite.name,
                    name: check.name,
                    durationMs: 0,
                    end: check.failure.map { .failure(type: type, text: $0) } ?? .passed(note: nil)
                )
            }
            let element = JUnitSuite(name: suite.name, cases: cases)
            elements.append(element.element(timestamp: nil, properties: []))
            counts += element.counts
        }
        let attributes = counts.attributes(durationMs: 0).filter { $0.0 != "skipped" }
        var root = JUnitElement("testsuites", [("name", name)] + attributes)
        for element in elements { root.addChild(element) }
        text = root.document
    }
}
