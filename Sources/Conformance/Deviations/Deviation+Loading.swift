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

    /// What is wrong with deviations in the light of the cases: one that speaks of none is misspelt or out of date.
    ///
    /// Stacks that play in no case at all are left alone, since their pairings come from outside of the catalogue.
    static func issues(_ deviations: [Deviation], cases: [ConformanceCase]) -> [ScenarioError.Issue] {
        let stacks = Set(cases.flatMap { [$0.pairing.server, $0.pairing.client] })
        return deviations.compactMap { deviation in
            guard stacks.contains(deviation.stack), !cases.contains(where: deviation.applies) else { return nil }
            let idle = deviation.cases.first { glob in !cases.contains { glob.matches($0.id) } }
            let message =
                if let idle {
                    "deviation “\(deviation.name)”: no case has an id that matches “\(idle.pattern)”"
                } else {
                    "deviation “\(deviation.name)” applies to no case: none of those that match has the side and the values"
                }
            return .init(file: deviation.file, line: deviation.line, message: message)
        }
    }
}
