package import ConformanceModel

/// All scenarios of a folder and the deviations known of its stacks.
package struct Catalogue: Sendable {
    /// Ordered by id.
    package let scenarios: [Scenario]
    /// Ordered by stack, then as in its file.
    package let deviations: [Deviation]
    /// The cases of all scenarios, ordered by id; no id stands twice.
    package let cases: [ConformanceCase]

    /// Fails when two scenarios have one id, when two cases have, or when a deviation speaks of no case.
    ///
    /// - Parameter checked: the stacks whose deviations are held to that; all when nil.
    package init(
        scenarios: [Scenario],
        deviations: [Deviation] = [],
        checking checked: Set<Stack>? = nil
    ) throws(ScenarioError) {
        self.scenarios = scenarios.sorted { $0.id < $1.id }
        self.deviations = deviations
        cases = scenarios.flatMap(\.cases).sorted { $0.id < $1.id }
        var issues: [ScenarioError.Issue] = []
        for (first, second) in zip(self.scenarios, self.scenarios.dropFirst()) where first.id == second.id {
            issues.append(.init(file: second.file, message: "scenario “\(second.id)” is also in \(first.file)"))
        }
        for (first, second) in zip(cases, cases.dropFirst()) where first.id == second.id && issues.isEmpty {
            let message =
                "case id “\(first.id)” stands twice, in the scenarios \(first.scenario) and \(second.scenario)"
            issues.append(.init(message: message))
        }
        let held = deviations.filter { checked?.contains($0.stack) ?? true }
        issues += Deviation.issues(held, scenarios: self.scenarios)
        guard issues.isEmpty else { throw ScenarioError(issues) }
    }
}
