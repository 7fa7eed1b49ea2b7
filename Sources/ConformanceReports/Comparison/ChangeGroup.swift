internal import ConformanceModel

/// The changes of one kind between two runs that have one cause.
package struct ChangeGroup: Hashable, Sendable {
    /// The ways in which a case can change, in the words of every form of a comparison.
    package enum Kind: String, Hashable, Encodable, Sendable {
        case newlyFailing = "newly failing"
        case unplayed = "no longer played"
        case gone
        case newlyPassing = "newly passing"
        case changed
    }

    package let kind: Kind
    /// A stack and a rule, or a scenario and its stacks where neither run names a rule.
    package let subject: String
    /// For example `passed -> failed`.
    package let verdicts: String
    /// Why the first case ended as it did; nil where it passed, or where only a baseline is there.
    package let before: String?
    package let after: String?
    /// Ordered by id, and never empty.
    package let changes: [ReportComparison.Change]

    /// The groups of some changes, the largest first.
    static func groups(
        _ kind: Kind,
        _ changes: [ReportComparison.Change],
        old: Baseline,
        new: Baseline
    ) -> [ChangeGroup] {
        let byKey = Dictionary(grouping: changes) { change in
            Key(subject: subject(of: change, old: old, new: new), before: change.before, after: change.after)
        }
        return byKey.map { key, changes in
            ChangeGroup(
                kind: kind,
                subject: key.subject,
                verdicts: key.verdicts,
                before: old.told[changes[0].id]?.reason,
                after: new.told[changes[0].id]?.reason,
                changes: changes
            )
        }
        .sorted { ($1.changes.count, $0.subject, $0.verdicts) < ($0.changes.count, $1.subject, $1.verdicts) }
    }

    private struct Key: Hashable {
        var subject: String
        var before: Verdict?
        var after: Verdict?

        var verdicts: String { [before, after].map { $0?.rawValue ?? "absent" }.joined(separator: " -> ") }
    }

    /// The run in which the case is unexpected knows the cause; an excused difference is named by its entry.
    private static func subject(of change: ReportComparison.Change, old: Baseline, new: Baseline) -> String {
        let runs = [(change.after, new.told[change.id]), (change.before, old.told[change.id])]
        for (verdict, told) in runs where verdict?.isExpected == false {
            if let cause = told?.cause { return "\(cause.stack.rawValue): \(cause.rule)" }
            if let entry = told?.deviation { return entry }
        }
        for (verdict, told) in runs where verdict == .deviated {
            if let entry = told?.deviation { return entry }
        }
        // An id ends with its two stacks, and begins with the folder and the name of its scenario.
        let parts = change.id.split(separator: "/")
        guard parts.count > 4 else { return change.id }
        return "\(parts.prefix(2).joined(separator: "/")), \(parts.suffix(2).joined(separator: "/"))"
    }
}
