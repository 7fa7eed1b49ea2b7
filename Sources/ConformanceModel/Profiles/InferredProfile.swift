/// The profile of one stack that a run has shown, as results hold it.
package struct InferredProfile: Hashable, Codable, Sendable {
    /// A rule that the stack answers otherwise.
    package struct Otherwise: Hashable, Codable, Sendable {
        package var answer: Answer
        package var `class`: DifferenceClass
        /// The side that it was seen at; nil for both.
        package var side: Side?
        /// How many cases show it.
        package var count: Int
        /// The first of them, by id.
        package var cases: [String]
        /// The first cases that show the rule kept, where the answer varies.
        package var kept: [String]?

        package init(
            answer: Answer,
            class: DifferenceClass,
            side: Side?,
            count: Int,
            cases: [String],
            kept: [String]? = nil
        ) {
            self.answer = answer
            self.class = `class`
            self.side = side
            self.count = count
            self.cases = cases
            self.kept = kept
        }
    }

    /// A known stack, and the share of the rules decided for both in which they agree.
    package struct Neighbour: Hashable, Codable, Sendable {
        package var stack: Stack
        package var agreement: Double

        package init(stack: Stack, agreement: Double) {
            self.stack = stack
            self.agreement = agreement
        }
    }

    package var rules: [String: Otherwise] = [:]
    /// The rules that a case would have shown broken, and none did.
    package var kept: [String] = []
    /// Defect to the alerts that were seen instead of the usual ones, `none` among them.
    package var alerts: [String: [String]] = [:]
    /// The rules that were asked, and that no case decides.
    package var undecided: [String] = []
    /// The cases that no answer explains.
    package var unexplained: [String] = []
    /// The cases in which a subject refuses, and no rule says why; nil where there are none.
    package var unruled: [String]?
    package var nearest: [Neighbour] = []

    package init() {}

    /// The rules that were decided, of those that were asked.
    package var decided: (count: Int, asked: Int) {
        let count = rules.count + kept.count
        return (count, count + undecided.count)
    }

    /// The rules of a class that are answered otherwise, by id.
    package func rules(of class: DifferenceClass) -> [String] {
        rules.filter { $0.value.class == `class` }.keys.sorted()
    }
}
