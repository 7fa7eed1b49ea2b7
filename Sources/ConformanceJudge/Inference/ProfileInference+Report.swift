internal import ConformanceModel

extension ProfileInference.Solution {
    /// The answers that a case was played with: a rule that varies was kept where the case says so.
    func answers(explaining item: ProfileInference.Item, by inference: ProfileInference) -> [SidedRule] {
        let testCase = item.evidence.testCase
        let theirs = answers(in: testCase.version).filter { testCase.pairing[$0.side] == inference.stack }
        guard item.isExplained, !varying.isDisjoint(with: theirs) else { return theirs }
        let steady = theirs.filter { !varying.contains($0) }
        // Where both answers come to the same decision, its words say which was given.
        if inference.holds(item, steady, inWords: true) { return steady }
        if inference.holds(item, theirs) { return theirs }
        if inference.holds(item, steady) { return steady }
        let shown = theirs.first { varying.contains($0) && inference.holds(item, steady + [$0]) }
        return shown.map { steady + [$0] } ?? theirs
    }
}

extension ProfileInference {
    /// The profile that was found, with the cases that show it.
    func report(_ profile: Profile, _ solution: Solution, _ items: [Item]) -> InferredProfile {
        var result = InferredProfile()
        var witnesses: [SidedRule: [String]] = [:]
        var keepers: [SidedRule: [String]] = [:]
        let answers = Set(solution.answers)
        for item in items where item.isExplained {
            for rule in item.asked where answers.contains(rule) {
                let turned =
                    item.answers.contains(rule)
                    ? item.answers.filter { $0 != rule } : item.answers + [rule]
                guard !holds(item, turned) else { continue }
                if item.answers.contains(rule) {
                    witnesses[rule, default: []].append(item.evidence.testCase.id)
                } else {
                    keepers[rule, default: []].append(item.evidence.testCase.id)
                }
            }
        }
        for rule in solution.answers {
            let found = witnesses[rule] ?? []
            let isVarying = solution.varying.contains(rule)
            var entry = InferredProfile.Otherwise(
                answer: isVarying ? .varies : rule.rule.counterfactual.answer,
                class: rule.rule.counterfactual.class,
                side: rule.side,
                count: found.count,
                cases: Array(found.prefix(Self.shownCases)),
                kept: isVarying ? Array((keepers[rule] ?? []).prefix(Self.shownCases)) : nil
            )
            if let other = result.rules[rule.rule.rawValue] {
                entry.side = nil
                entry.count += other.count
                entry.cases = Array((entry.cases + other.cases).sorted().prefix(Self.shownCases))
                if other.answer == .varies { entry.answer = .varies }
            }
            result.rules[rule.rule.rawValue] = entry
        }
        decideTheRest(&result, answers, items)
        result.alerts = alerts(of: profile)
        result.unexplained = unexplained(profile, items)
        return result
    }

    /// Looks for one case for each remaining rule that would have shown it broken.
    private func decideTheRest(_ result: inout InferredProfile, _ answers: Set<SidedRule>, _ items: [Item]) {
        var byRule: [SidedRule: [Int]] = [:]
        for (index, item) in items.enumerated() {
            for rule in item.asked where !answers.contains(rule) { byRule[rule, default: []].append(index) }
        }
        let askers = byRule
        let rules = askers.keys.sorted()
        let isKept = rules.concurrentMap { rule in
            (askers[rule] ?? []).contains { items[$0].isExplained && !holdsInFull(items[$0], turning: rule) }
        }
        let kept = Set(zip(rules, isKept).filter(\.1).map(\.0.rule.rawValue))
        result.kept = kept.subtracting(result.rules.keys).sorted()
        result.undecided = Set(rules.map(\.rule.rawValue)).subtracting(kept).subtracting(result.rules.keys).sorted()
    }

    /// The alerts as results show them: one line a defect.
    private func alerts(of profile: Profile) -> [String: [String]] {
        var result: [String: Set<String>] = [:]
        for entry in profile.alerts {
            let names = entry.alerts.alerts.map { $0.isEmpty ? ["none"] : $0.map(\.name) } ?? ["any"]
            result[entry.subject.name, default: []].formUnion(names)
        }
        return result.mapValues { $0.sorted() }
    }

    /// The cases that the finished profile doesn't explain, alerts and all.
    private func unexplained(_ profile: Profile, _ items: [Item]) -> [String] {
        let finished = ProfileInference(stack: stack, profiles: profiles, stated: profile)
        let isExplained = items.concurrentMap { $0.isExplained && finished.holdsAsStated($0) }
        return zip(items, isExplained).filter { !$0.1 }.map(\.0.evidence.testCase.id)
    }

    private static let shownCases = 5
}
