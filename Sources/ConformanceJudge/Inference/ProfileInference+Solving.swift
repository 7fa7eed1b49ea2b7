internal import ConformanceModel

extension ProfileInference {
    /// The answers that explain the cases that the rules alone don't: greedily, a rule at a time, the one first that
    /// explains most and contradicts least; then by pairs; then without whatever turned out to be needless.
    func solve(_ items: inout [Item]) -> Solution {
        var solution = Solution()
        var byRule: [SidedRule: [Int]] = [:]
        for index in items.indices {
            for rule in items[index].asked { byRule[rule, default: []].append(index) }
        }
        var open = items.indices.filter { !items[$0].isExplained }
        var explanations = explanations(of: open, items, beside: [])
        while !open.isEmpty {
            guard let best = best(explanations, open, items, byRule, beside: solution.answers) else { break }
            solution.answers.append(best)
            let touched = byRule[best] ?? []
            let snapshot = items
            let answers = solution.answers
            let held = touched.concurrentMap { holds(snapshot[$0], answers) }
            for (index, isExplained) in zip(touched, held) { items[index].isExplained = isExplained }
            open = items.indices.filter { !items[$0].isExplained }
            let again = Set(touched)
            let changed = open.filter { again.contains($0) }
            for index in touched { explanations[index] = nil }
            explanations.merge(self.explanations(of: changed, items, beside: solution.answers)) { $1 }
        }
        explainByPairs(&solution, &items, byRule)
        prune(&solution, &items, byRule)
        nameVarying(&solution, &items, byRule)
        solution.answers.sort()
        return solution
    }

    /// For each case, the rules that explain it alone.
    private func explanations(
        of open: [Int],
        _ items: [Item],
        beside answers: [SidedRule]
    ) -> [Int: [SidedRule]] {
        let found = open.concurrentMap { index in
            items[index].asked.filter { !answers.contains($0) && holds(items[index], answers + [$0]) }
        }
        return Dictionary(uniqueKeysWithValues: zip(open, found))
    }

    private func best(
        _ explanations: [Int: [SidedRule]],
        _ open: [Int],
        _ items: [Item],
        _ byRule: [SidedRule: [Int]],
        beside answers: [SidedRule]
    ) -> SidedRule? {
        var gains: [SidedRule: Int] = [:]
        for index in open { for rule in explanations[index] ?? [] { gains[rule, default: 0] += 1 } }
        // Of two that explain as much the narrower one is the likelier: it speaks in fewer cases.
        let ranked = gains.sorted {
            ($1.value, byRule[$0.key]?.count ?? 0, $0.key) < ($0.value, byRule[$1.key]?.count ?? 0, $1.key)
        }
        // An answer that contradicts nothing stands before one that explains more and contradicts something.
        for (rule, gain) in ranked where losses(rule, limit: 1, items, byRule, beside: answers) == 0 && gain > 0 {
            return rule
        }
        var best: (rule: SidedRule, score: Int)?
        for (rule, gain) in ranked {
            if let best, gain <= best.score { break }
            let losses = losses(rule, limit: gain - (best?.score ?? 0), items, byRule, beside: answers)
            let score = gain - losses
            if score > (best?.score ?? 0) { best = (rule, score) }
        }
        return best?.rule
    }

    /// How many explained cases an answer would contradict, counted up to a limit.
    private func losses(
        _ rule: SidedRule,
        limit: Int,
        _ items: [Item],
        _ byRule: [SidedRule: [Int]],
        beside answers: [SidedRule]
    ) -> Int {
        var losses = 0
        for index in byRule[rule] ?? [] where items[index].isExplained && !holds(items[index], answers + [rule]) {
            losses += 1
            if losses >= limit { break }
        }
        return losses
    }

    /// The cases that take two answers at once, such as a client that sends a name as it is to a server that reads it
    /// otherwise.
    private func explainByPairs(_ solution: inout Solution, _ items: inout [Item], _ byRule: [SidedRule: [Int]]) {
        let open = items.indices.filter { !items[$0].isExplained }.prefix(Self.pairLimit)
        for index in open where !items[index].isExplained {
            let asked = items[index].asked.filter { !solution.answers.contains($0) }
            let answers = solution.answers
            let pairs = asked.indices.flatMap { first in
                asked.indices.suffix(from: first + 1).map { [asked[first], asked[$0]] }
            }
            guard
                let pair = pairs.first(where: { pair in
                    holds(items[index], answers + pair)
                        && pair.allSatisfy { losses($0, limit: 1, items, byRule, beside: answers + pair) == 0 }
                })
            else { continue }
            solution.answers += pair
            for touched in Set(pair.flatMap { byRule[$0] ?? [] }) {
                items[touched].isExplained = holds(items[touched], solution.answers)
            }
        }
    }

    /// Takes away every answer without which as much is explained, the last one found first.
    private func prune(_ solution: inout Solution, _ items: inout [Item], _ byRule: [SidedRule: [Int]]) {
        for rule in solution.answers.reversed() {
            let without = solution.answers.filter { $0 != rule }
            let touched = byRule[rule] ?? []
            let isNeedless = touched.allSatisfy { !items[$0].isExplained || holds(items[$0], without) }
            if isNeedless { solution.answers = without }
        }
    }

    /// Names the rules that some cases show kept and others broken.
    private func nameVarying(_ solution: inout Solution, _ items: inout [Item], _ byRule: [SidedRule: [Int]]) {
        let open = items.indices.filter { !items[$0].isExplained }
        var witnesses: [SidedRule: [Int]] = [:]
        for index in open {
            for rule in items[index].asked {
                let turned =
                    solution.answers.contains(rule)
                    ? solution.answers.filter { $0 != rule } : solution.answers + [rule]
                if holds(items[index], turned) { witnesses[rule, default: []].append(index) }
            }
        }
        nameScopes(&solution, &items, byRule, &witnesses)
        var left = Set(open.filter { !items[$0].isExplained })
        let ranked = witnesses.sorted {
            ($1.value.count, byRule[$0.key]?.count ?? 0, $0.key) < ($0.value.count, byRule[$1.key]?.count ?? 0, $1.key)
        }
        // One refusal in a hundred is no habit of the stack, and stays unexplained; who lets in one of a hundred has a hole.
        for takesRarities in [false, true] {
            for (rule, indices) in ranked {
                let mine = indices.filter(left.contains)
                let others = (byRule[rule] ?? []).filter { !indices.contains($0) }
                let isHabit = mine.count > 1 && mine.count * Self.leastShare >= others.count
                let isRareHole = takesRarities && !mine.isEmpty && rule.rule.counterfactual.class == .hole
                guard isHabit || isRareHole else { continue }
                solution.varying.insert(rule)
                if !solution.answers.contains(rule) { solution.answers.append(rule) }
                for index in mine {
                    items[index].isExplained = true
                    left.remove(index)
                }
            }
        }
    }

    /// Holds a rule to one version of TLS where the answer is always the one in that version, and the other elsewhere.
    private func nameScopes(
        _ solution: inout Solution,
        _ items: inout [Item],
        _ byRule: [SidedRule: [Int]],
        _ witnesses: inout [SidedRule: [Int]]
    ) {
        func version(_ index: Int) -> ProtocolVersion { items[index].evidence.testCase.version }
        for (rule, indices) in witnesses.sorted(by: { $0.key < $1.key }) {
            let mine = indices.filter { !items[$0].isExplained }
            guard let first = mine.first.map(version), mine.allSatisfy({ version($0) == first }) else { continue }
            let isAnswer = solution.answers.contains(rule)
            // What speaks against the rule in one version leaves it to the other.
            let scope = isAnswer ? (first == .tls12 ? ProtocolVersion.tls13 : .tls12) : first
            var candidate = solution
            if !isAnswer { candidate.answers.append(rule) }
            candidate.scopes[rule] = scope
            let touched = byRule[rule] ?? []
            let held = touched.map { holds(items[$0], candidate.answers(in: version($0))) }
            let loses = zip(touched, held).contains { items[$0].isExplained && !$1 }
            guard !loses, mine.allSatisfy({ index in held[touched.firstIndex(of: index) ?? 0] }) else { continue }
            solution = candidate
            for (index, isExplained) in zip(touched, held) { items[index].isExplained = isExplained }
            witnesses[rule] = nil
        }
    }

    private static let pairLimit = 64
    private static let leastShare = 10
}
