extension Deviation {
    /// Reads the deviations of one stack from their text. `file` is the name in messages, and its last part without
    /// `.yaml` is the stack.
    package static func deviations(yaml: String, file: String) throws(ScenarioError) -> [Deviation] {
        let log = IssueLog(file: file)
        var stack = file.split(separator: "/").last ?? ""
        if stack.hasSuffix(".yaml") {
            stack = stack.dropLast(".yaml".count)
        }
        let reader = DeviationReader(log: log, expectedStack: String(stack))
        let deviations = YAMLTree.parse(yaml, log: log).map(reader.deviations) ?? []
        try log.throwIfAny()
        return deviations
    }

    /// What is wrong with deviations in the light of the cases: one that speaks of none is misspelt or out of date, and
    /// so is a condition on a value that none of its cases has.
    ///
    /// Stacks that play in no case at all are left alone, since their pairings come from outside of the catalogue.
    static func issues(_ deviations: [Deviation], cases: [ConformanceCase]) -> [ScenarioError.Issue] {
        let stacks = Set(cases.flatMap { [$0.pairing.server, $0.pairing.client] })
        return deviations.filter { stacks.contains($0.stack) }.flatMap { deviation in
            deviation.problems(in: cases).map {
                .init(file: deviation.file, line: deviation.line, message: "deviation “\(deviation.name)”: \($0)")
            }
        }
    }

    private func problems(in cases: [ConformanceCase]) -> [String] {
        if let idle = self.cases.first(where: { glob in !cases.contains { glob.matches($0.id) } }) {
            return ["no case has an id that matches “\(idle.pattern)”"]
        }
        guard !conditions.isEmpty || !cases.contains(where: applies) else { return [] }
        var missing = conditions
        for candidate in cases where candidate.pairing[side] == stack {
            guard missing.contains(where: { !$0.value.isEmpty }) else { break }
            guard self.cases.contains(where: { $0.matches(candidate.id) }) else { continue }
            for axis in conditions.keys {
                if let value = candidate.value(on: axis) { missing[axis]?.remove(value) }
            }
        }
        let unmet = missing.sorted { $0.key < $1.key }.flatMap { axis, values in
            values.sorted().map { "none of its cases has the value “\($0)” on the axis “\(axis)”" }
        }
        guard unmet.isEmpty, !cases.contains(where: applies) else { return unmet }
        return ["no case has its side and all its values"]
    }
}
