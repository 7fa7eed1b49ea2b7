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
    package let new: [Change]
    /// Scenarios whose median is more than twice the old one, and more than 2 ms above it.
    package let slower: [Slowdown]
    private let versions: VersionChanges

    package init(old: Baseline, new: Baseline) {
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
        self.new = present.filter { $0.before == nil && $0.after?.isExpected == true }
        slower = new.medianMs.sorted { $0.key < $1.key }.compactMap { scenario, after in
            guard let before = old.medianMs[scenario], after > 2 * before, after > before + Self.tolerableMs else {
                return nil
            }
            return Slowdown(scenario: scenario, beforeMs: before, afterMs: after)
        }
        versions = VersionChanges(old: old, new: new)
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

    /// One line for each change, the worst first, then a sentence with the counts; new cases are only counted.
    package var text: String {
        var lines = versions.lines
        for (title, changes) in [
            ("newly failing", newlyFailing), ("no longer played", unplayed), ("gone", gone),
            ("newly passing", newlyPassing), ("changed", changed),
        ] {
            lines += changes.map { change in
                let verdicts = [change.before, change.after].map { $0?.rawValue ?? "absent" }
                let id = PlainText.line(change.id, limit: 800)
                return "\(title): \(id): \(verdicts[0]) -> \(verdicts[1])\(versions.clause(for: change.id))"
            }
        }
        lines += slower.map {
            "slower: \(PlainText.line($0.scenario, limit: 400)): median \(Count.tenths($0.beforeMs)) ms -> "
                + "\(Count.tenths($0.afterMs)) ms"
        }
        lines.append(
            "\(Count.of(newlyFailing.count, "case")) newly failing, "
                + "\(Count.grouped(unplayed.count)) no longer played, \(Count.grouped(gone.count)) gone, "
                + "\(Count.grouped(newlyPassing.count)) newly passing, \(Count.grouped(changed.count)) otherwise changed, "
                + "\(Count.grouped(new.count)) new; \(Count.of(slower.count, "scenario")) slower."
        )
        return lines.joined(separator: "\n") + "\n"
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
