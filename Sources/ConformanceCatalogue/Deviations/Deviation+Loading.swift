internal import ConformanceModel

extension Deviation {
    /// The faults of deviations in the light of the cases: one that speaks of none is misspelt or out of date, and
    /// so is a condition on a value that none of its cases has.
    ///
    /// Stacks that play in no case at all are left alone, since their pairings come from outside of the catalogue.
    static func issues(_ deviations: [Deviation], scenarios: [Scenario]) -> [ScenarioError.Issue] {
        let index = scenarios.concurrentMap(AxisIndex.init)
        return deviations.concurrentMap { deviation -> [ScenarioError.Issue] in
            guard index.contains(where: { $0.stacks.contains(deviation.stack) }) else { return [] }
            return deviation.problems(in: index).map {
                .init(file: deviation.file, line: deviation.line, message: "exception “\(deviation.name)”: \($0)")
            }
        }
        .flatMap(\.self)
    }

    private func problems(in index: [AxisIndex]) -> [String] {
        var touched: [AxisIndex] = []
        for glob in cases {
            let matching = index.filter { glob.couldMatch(below: $0.scenario) && $0.ids.contains(where: glob.matches) }
            guard !matching.isEmpty else { return ["no case has an id that matches “\(glob.pattern)”"] }
            touched += matching
        }
        let unmet = conditions.sorted { $0.key < $1.key }.flatMap { axis, values in
            values.sorted().filter { value in !touched.contains { $0.values[axis]?.contains(value) ?? false } }
                .map { "none of its cases has the value “\($0)” on the axis “\(axis)”" }
        }
        guard unmet.isEmpty else { return unmet }
        return touched.contains { $0.cases.contains(where: applies) } ? [] : ["no case has its side and all its values"]
    }
}

/// The values that a scenario's cases have on each axis, gathered once for all deviations.
private struct AxisIndex: Sendable {
    let scenario: String
    let cases: [ConformanceCase]
    /// The ids of the cases: dozens of patterns look through thousands of ids, which are cheaper to come by than cases.
    let ids: [String]
    private(set) var stacks: Set<Stack> = []
    private(set) var values: [String: Set<String>] = [:]

    init(_ scenario: Scenario) {
        self.scenario = scenario.id
        cases = scenario.cases
        ids = cases.map(\.id)
        let written = cases.first?.axes.map(\.axis) ?? []
        // The settings answer for these where the scenario has no such axis.
        let settled = KnownAxis.allCases.map(\.rawValue).filter { !written.contains($0) }
        for candidate in cases {
            stacks.formUnion([candidate.pairing.server, candidate.pairing.client])
            for axis in candidate.axes { values[axis.axis, default: []].insert(axis.value) }
            for axis in settled {
                if let value = candidate.value(on: axis) { values[axis, default: []].insert(value) }
            }
        }
    }
}
