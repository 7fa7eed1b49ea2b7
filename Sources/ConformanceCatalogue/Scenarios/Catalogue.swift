package import ConformanceModel

/// All scenarios of a folder and the profiles of its stacks.
package struct Catalogue: Sendable {
    /// Ordered by id.
    package let scenarios: [Scenario]
    /// Ordered by stack.
    package let profiles: [Profile]
    /// The cases of all scenarios, ordered by id; no id stands twice.
    package let cases: [ConformanceCase]

    /// Fails when two scenarios have one id, when two cases have, or when an exception of a profile speaks of no case.
    ///
    /// - Parameter checked: the stacks whose exceptions are held to that; all when nil.
    package init(
        scenarios: [Scenario],
        profiles: [Profile] = [],
        checking checked: Set<Stack>? = nil
    ) throws(ScenarioError) {
        self.scenarios = scenarios.sorted { $0.id < $1.id }
        self.profiles = profiles.sorted { $0.stack < $1.stack }
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
        let held = profiles.flatMap(\.exceptions).filter { checked?.contains($0.stack) ?? true }
        issues += Deviation.issues(held, scenarios: self.scenarios)
        guard issues.isEmpty else { throw ScenarioError(issues) }
    }
}
