package import ConformanceModel

/// The cases that tell whether a stack keeps a rule: those whose outcome changes when this rule alone is answered
/// otherwise, at one side.
package struct Probing: Sendable {
    private let profiles: ProfileSet
    private let oracle = Oracle()

    /// - Parameter profiles: what the stacks that play do otherwise; a case is asked as it is really played.
    package init(profiles: ProfileSet) {
        self.profiles = profiles
    }

    /// How many cases probe each rule; every rule stands, also with 0.
    package func counts(in cases: [ConformanceCase]) -> [Rule: Int] {
        var counts = Dictionary(uniqueKeysWithValues: Rule.allCases.map { ($0, 0) })
        for rules in cases.concurrentMap({ probed(by: $0, among: Set(Rule.allCases)) }) {
            for rule in rules { counts[rule, default: 0] += 1 }
        }
        return counts
    }

    /// The rules that no case probes; a rule is looked for no further once a case was found.
    package func unprobed(in cases: [ConformanceCase]) -> [Rule] {
        var left = Set(Rule.allCases)
        for testCase in cases where !left.isEmpty { left.subtract(probed(by: testCase, among: left)) }
        return left.sorted { $0.order < $1.order }
    }

    /// A sentence for each rule that no case probes, which a run of every case ends with.
    package func findings(in cases: [ConformanceCase]) -> [String] {
        unprobed(in: cases).map {
            "no case probes the rule \($0.rawValue) alone: add a scenario that does, or remove the rule"
        }
    }

    private func probed(by testCase: ConformanceCase, among rules: Set<Rule>) -> Set<Rule> {
        let conducts = profiles.conducts(for: testCase.pairing, testCase.version)
        let answer = oracle.answer(for: testCase, conducts: conducts)
        var probed: Set<Rule> = []
        for flip in answer.asked where rules.contains(flip.rule) && !probed.contains(flip.rule) {
            let other = oracle.answer(for: testCase, conducts: conducts.toggling(flip)).expectation
            if other.connections != answer.expectation.connections
                || other.refusedRotations != answer.expectation.refusedRotations
            {
                probed.insert(flip.rule)
            }
        }
        return probed
    }
}
