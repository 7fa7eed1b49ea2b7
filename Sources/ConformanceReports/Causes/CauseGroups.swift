package import ConformanceModel

/// The unexpected results of a run by their cause: one group for each stack and rule.
///
/// A server that verifies nothing fails in dozens of cases for one reason. A reader wants that reason once, with one
/// case in full and the number of the others.
package struct CauseGroups: Sendable {
    package let groups: [CauseGroup]

    package init(_ report: RunReport, rules: [RuleDescription]) {
        let described = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let unexpected = report.cases.filter { !$0.verdict.isExpected }
        groups = Dictionary(grouping: unexpected, by: Cause.init)
            .map { cause, cases in
                CauseGroup(
                    cause: cause,
                    cases: cases,
                    rule: cause.rule.flatMap { described[$0] },
                    version: report.environment[cause.stack]
                )
            }
            .sorted()
    }

    /// The group that a rule of a stack accounts for.
    func group(of stack: Stack, rule: String) -> CauseGroup? {
        groups.first { $0.cause.stack == stack.rawValue && $0.cause.rule == rule }
    }
}

/// The reason that unexpected results have in common.
struct Cause: Hashable {
    var verdict: Verdict
    /// A stack; a pairing where the result doesn't tell which of its sides is at fault.
    var stack: String
    /// The id of a rule, or an entry of a profile; nil where no single rule accounts for the result.
    var rule: String?
    /// The words that results without a rule have in common: the first clause of their reasons.
    var words: String

    init(_ result: CaseResult) {
        verdict = result.verdict
        let entry = result.deviation?.split(separator: ", ").first?.split(separator: ": ", maxSplits: 1)
        if let cause = result.cause {
            stack = cause.stack.rawValue
            rule = cause.rule
            words = ""
        } else if result.verdict == .unexpectedlyPassed || result.verdict == .failed, let entry, entry.count == 2 {
            stack = String(entry[0])
            rule = String(entry[1])
            words = ""
        } else {
            let programs = Pairing(server: result.server, client: result.client).programs
            let known = Set(programs.isEmpty ? [result.server, result.client] : programs)
            stack =
                known.count == 1 ? known.first?.rawValue ?? "" : "\(result.server.rawValue)/\(result.client.rawValue)"
            rule = nil
            words = Self.clause(result.reason ?? "no reason given")
        }
    }

    /// The first clause of a reason, without the numbers in which two of one kind differ.
    private static func clause(_ reason: String) -> String {
        var clause = ""
        var wasDigit = false
        for character in reason.prefix(while: { $0 != ";" }).prefix(200) {
            let isDigit = character.isASCII && character.isNumber
            if !isDigit { clause.append(character) } else if !wasDigit { clause.append("#") }
            wasDigit = isDigit
        }
        return clause
    }
}

/// The unexpected results of one cause.
package struct CauseGroup: Sendable, Comparable {
    let cause: Cause
    /// Ordered by id, and never empty.
    package let cases: [CaseResult]
    let rule: RuleDescription?
    let version: String?

    /// The kind of difference that it is to answer the rule otherwise; nil where no rule is known.
    package var differenceClass: DifferenceClass? {
        cause.rule.flatMap { Rule(rawValue: $0)?.counterfactual.class }
    }

    /// The case that stands for all.
    package var example: CaseResult { cases[0] }

    /// The stack with its version, as a heading begins.
    package var stack: String { cause.stack + (version.map { " \($0)" } ?? "") }

    /// The rule, or the words that the results have in common.
    package var subject: String { cause.rule ?? cause.words }

    /// For example `hole, 78 cases failed`.
    package var summary: String {
        let kind = differenceClass.map { "\($0.rawValue), " } ?? ""
        return "\(kind)\(Count.of(cases.count, "case")) \(cause.verdict.rawValue)"
    }

    /// One line without markup.
    package var title: String { "\(stack): \(subject) (\(summary))" }

    /// The rule's sentence with its citation; nil where no rule is known.
    package var sentence: String? { rule.map { "\($0.sentence) (\($0.citation))" } }

    /// Holes first, then the other differences, and cases that say nothing about a stack last; the largest group first.
    package static func < (lhs: CauseGroup, rhs: CauseGroup) -> Bool {
        (lhs.rank, -lhs.cases.count, lhs.cause.stack, lhs.subject) < (
            rhs.rank, -rhs.cases.count, rhs.cause.stack, rhs.subject
        )
    }

    package static func == (lhs: CauseGroup, rhs: CauseGroup) -> Bool {
        lhs.cause == rhs.cause && lhs.cases == rhs.cases
    }

    private var rank: Int {
        switch cause.verdict {
        case .failed: differenceClass == .hole ? 0 : 1
        case .unexpectedlyPassed: 2
        case .timedOut, .crashed, .errored: 3
        case .passed, .deviated, .unsupported, .skipped: 4
        }
    }
}

/// The line at the top of a report: what was played with which versions, and when.
struct ProvenanceLine {
    let text: String

    init(_ report: RunReport) {
        var parts = ["\(report.tool.name) \(report.tool.version)"]
        parts += report.environment.sorted { $0.key < $1.key }
            .filter { $0.key != report.tool.name || $0.value != report.tool.version }
            .map { "\($0.key) \($0.value)" }
        parts.append("started \(report.started)")
        parts.append("took \(Count.seconds(report.durationMs)) s")
        if let catalogue = report.plan?.catalogue { parts.append("catalogue \(catalogue)") }
        text = parts.joined(separator: " · ")
    }
}
