package import Conformance

/// What changed from one run to another, case by case.
package struct ReportComparison: Hashable, Sendable {
    /// One case whose verdict is not the same in both runs.
    package struct Change: Hashable, Sendable {
        package var id: String
        /// Nil when the old run did not have the case.
        package var before: Verdict?
        /// Nil when the new run does not have the case.
        package var after: Verdict?
    }

    /// Cases that are unexpected now and were not before, or are new and unexpected.
    package let worse: [Change]
    /// Cases that are as expected now and were not before.
    package let better: [Change]
    /// Cases with another verdict that is expected, or unexpected, like the one before.
    package let other: [Change]
    /// Cases that the new run no longer has: what isn't played any more proves nothing.
    package let gone: [Change]
    /// New cases that are as expected.
    package let added: [Change]

    package init(old: RunReport, new: RunReport) {
        let before = Dictionary(old.cases.map { ($0.id, $0.verdict) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.cases.map { ($0.id, $0.verdict) }, uniquingKeysWith: { first, _ in first })
        let changes = Set(before.keys).union(after.keys).sorted()
            .map { Change(id: $0, before: before[$0], after: after[$0]) }
            .filter { $0.before != $0.after }
        gone = changes.filter { $0.after == nil }
        let present = changes.filter { $0.after != nil }
        worse = present.filter { $0.after?.isExpected == false && $0.before?.isExpected != false }
        better = present.filter { $0.after?.isExpected == true && $0.before?.isExpected == false }
        other = present.filter { $0.before != nil && $0.before?.isExpected == $0.after?.isExpected }
        added = present.filter { $0.before == nil && $0.after?.isExpected == true }
    }

    /// Whether the new run says less, or worse, than the old one.
    package var isRegression: Bool { !worse.isEmpty || !gone.isEmpty }

    /// One line for each change, the worst first, then a sentence with the counts; additions are only counted.
    package var text: String {
        var lines: [String] = []
        for (title, changes) in [("worse", worse), ("gone", gone), ("better", better), ("other", other)] {
            lines += changes.map { change in
                let verdicts = [change.before, change.after].map { $0?.rawValue ?? "absent" }
                return "\(title): \(PlainText.line(change.id, limit: 800)): \(verdicts[0]) -> \(verdicts[1])"
            }
        }
        lines.append(
            "\(Count.of(worse.count, "case")) worse, \(Count.grouped(gone.count)) gone, "
                + "\(Count.grouped(better.count)) better, \(Count.grouped(other.count)) otherwise changed, "
                + "\(Count.grouped(added.count)) added."
        )
        return lines.joined(separator: "\n") + "\n"
    }
}
