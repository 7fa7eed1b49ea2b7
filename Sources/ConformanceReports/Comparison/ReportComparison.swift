package import ConformanceModel

/// The changes from one run to another, case by case.
package struct ReportComparison: Hashable, Sendable {
    /// One case whose verdict is not the same in both runs.
    package struct Change: Hashable, Sendable {
        package var id: String
        /// Nil when the old run did not have the case.
        package var before: Verdict?
        /// Nil when the new run does not have the case.
        package var after: Verdict?
    }

    /// A scenario whose cases take longer.
    package struct Slowdown: Hashable, Sendable {
        package var scenario: String
        /// The medians of its cases.
        package var beforeMs: Double
        package var afterMs: Double
    }

    /// Cases that are unexpected now and were not before, or are new and unexpected.
    package let newlyFailing: [Change]
    /// Cases that are as expected now and were not before.
    package let newlyPassing: [Change]
    /// Cases that were played before and are unsupported or skipped now: what isn't played any more proves nothing.
    package let unplayed: [Change]
    /// Cases with another verdict that is expected, or unexpected, like the one before.
    package let changed: [Change]
    /// Cases that the new run no longer has: what isn't played any more proves nothing.
    package let gone: [Change]
    /// New cases that are as expected.
    package let added: [Change]
    /// Scenarios whose median is more than twice the old one, and more than 2 ms above it.
    package let slower: [Slowdown]
    /// The changes, but for new cases that are as expected, by what they have in common.
    package let groups: [ChangeGroup]
    let old: Baseline
    let new: Baseline
    private let versions: VersionChanges

    package init(old: Baseline, new: Baseline) {
        self.old = old
        self.new = new
        let changes = Set(old.verdicts.keys).union(new.verdicts.keys).sorted()
            .map { Change(id: $0, before: old.verdicts[$0], after: new.verdicts[$0]) }
            .filter { $0.before != $0.after }
        gone = changes.filter { $0.after == nil }
        let present = changes.filter { $0.after != nil }
        newlyFailing = present.filter { $0.after?.isExpected == false && $0.before?.isExpected != false }
        newlyPassing = present.filter {
            $0.after?.isExpected == true && $0.after?.isPlayed == true && $0.before?.isExpected == false
        }
        let unplayed = present.filter { $0.before?.isPlayed == true && $0.after?.isPlayed == false }
        self.unplayed = unplayed
        changed = present.filter {
            $0.before != nil && $0.before?.isExpected == $0.after?.isExpected && !unplayed.contains($0)
        }
        added = present.filter { $0.before == nil && $0.after?.isExpected == true }
        slower = new.medianMs.sorted { $0.key < $1.key }.compactMap { scenario, after in
            guard let before = old.medianMs[scenario], after > 2 * before, after > before + Self.tolerableMs else {
                return nil
            }
            return Slowdown(scenario: scenario, beforeMs: before, afterMs: after)
        }
        versions = VersionChanges(old: old, new: new)
        let kinds: [(ChangeGroup.Kind, [Change])] = [
            (.newlyFailing, newlyFailing), (.unplayed, unplayed), (.gone, gone), (.newlyPassing, newlyPassing),
            (.changed, changed),
        ]
        groups = kinds.flatMap { kind, changes in ChangeGroup.groups(kind, changes, old: old, new: new) }
    }

    /// The clock of a machine that others share is not finer.
    private static let tolerableMs = 2.0

    package init(old: RunReport, new: RunReport) {
        self.init(old: Baseline(old), new: Baseline(new))
    }

    /// Whether the new run says less, or worse, than the old one.
    ///
    /// Times don't count, since they belong to the machine as much as to what was played.
    package var isRegression: Bool { !newlyFailing.isEmpty || !unplayed.isEmpty || !gone.isEmpty }

    /// Other versions, and another catalogue, each in a sentence.
    package var preamble: [String] { versions.lines + (catalogueNote.map { [$0] } ?? []) }

    /// The catalogues of the two runs, where they are known to differ.
    package var catalogueNote: String? {
        guard let before = old.catalogue, let after = new.catalogue, before != after else { return nil }
        return
            "catalogue: \(PlainText.line(before, limit: 80)) -> \(PlainText.line(after, limit: 80)): the runs did not "
            + "play the same catalogue, so a change may be the scenario's and not the stack's"
    }

    /// The versions that may explain a group, with a space before; empty where none changed.
    func versionClause(_ group: ChangeGroup) -> String { versions.clause(for: group.changes[0].id) }

    /// The last sentence of every form: how many cases changed in which way.
    package var summary: String {
        "\(Count.of(newlyFailing.count, "case")) newly failing, "
            + "\(Count.grouped(unplayed.count)) no longer played, \(Count.grouped(gone.count)) gone, "
            + "\(Count.grouped(newlyPassing.count)) newly passing, \(Count.grouped(changed.count)) otherwise changed, "
            + "\(Count.grouped(added.count)) new; "
            + "\(Count.of(slower.count, "scenario")) slower."
    }

    /// A group of changes after the other, the worst first, then a sentence with the counts; new cases are only counted.
    package var text: String {
        var lines = preamble
        for group in groups {
            let count = group.changes.count
            if count == 1 {
                let id = PlainText.line(group.changes[0].id, limit: 800)
                lines.append("\(group.kind.rawValue): \(id): \(group.verdicts)\(versionClause(group))")
            } else {
                let subject = PlainText.line(group.subject, limit: 400)
                lines.append(
                    "\(group.kind.rawValue): \(subject): \(Count.of(count, "case")), \(group.verdicts)\(versionClause(group))"
                )
                lines.append("    for example \(PlainText.line(group.changes[0].id, limit: 800))")
            }
            if let before = group.before { lines.append("    before: \(PlainText.line(before, limit: 400))") }
            if let after = group.after { lines.append("    after: \(PlainText.line(after, limit: 400))") }
        }
        lines += slowerLines
        lines.append(summary)
        return lines.joined(separator: "\n") + "\n"
    }

    var slowerLines: [String] {
        slower.map {
            "slower: \(PlainText.line($0.scenario, limit: 400)): median \(Count.tenths($0.beforeMs)) ms -> "
                + "\(Count.tenths($0.afterMs)) ms"
        }
    }
}

/// The stacks that have another version than before.
private struct VersionChanges: Hashable, Sendable {
    private var changes: [String: String] = [:]

    init(old: Baseline, new: Baseline) {
        let before = old.environment.merging([old.tool.name: old.tool.version]) { version, _ in version }
        let after = new.environment.merging([new.tool.name: new.tool.version]) { version, _ in version }
        for name in Set(before.keys).union(after.keys) where before[name] != after[name] {
            changes[name] = "\(name) \(before[name] ?? "absent") -> \(after[name] ?? "absent")"
        }
    }

    var lines: [String] {
        changes.values.sorted().map { "version: \(PlainText.line($0, limit: 200))" }
    }

    /// The changes that may have to do with a case: those of its two stacks, which end its id.
    func clause(for id: String) -> String {
        var stacks = Set(id.split(separator: "/").suffix(2).map(String.init))
        // The library is on OpenSSL, whose version is its own line of the environment.
        if stacks.contains(Stack.countersign.rawValue) { stacks.insert("openssl") }
        let concerned = stacks.compactMap { changes[$0] }.sorted()
        return concerned.isEmpty ? "" : " (\(PlainText.line(concerned.joined(separator: ", "), limit: 200)))"
    }
}

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
