package import ConformanceModel

extension Catalogue {
    /// The cases that match one of the patterns and in which one of the stacks plays a side, ordered by id.
    ///
    /// No patterns select all cases, and no stacks all pairings. A pattern that matches no id is an error that names
    /// the nearest known ids: an empty run would look like a good one.
    package func select(globs: [String] = [], stacks: [Stack] = []) throws(ScenarioError) -> [ConformanceCase] {
        let patterns = globs.map(IDGlob.init)
        var issues: [ScenarioError.Issue] = []
        for pattern in patterns where !cases.contains(where: { pattern.matches($0.id) }) {
            issues.append(.init(message: "no case has an id that matches “\(pattern)”\(hint(for: pattern))"))
        }
        let known = Set(cases.flatMap { [$0.pairing.server, $0.pairing.client] })
        for stack in stacks where !known.contains(stack) {
            let names = known.sorted().map(\.rawValue).joined(separator: ", ")
            issues.append(.init(message: "no case has the stack “\(stack.rawValue)”; there are \(names)"))
        }
        guard issues.isEmpty else { throw ScenarioError(issues) }
        let selected = cases.filter { candidate in
            (stacks.isEmpty || stacks.contains(candidate.pairing.server) || stacks.contains(candidate.pairing.client))
                && (patterns.isEmpty || patterns.contains { $0.matches(candidate.id) })
        }
        guard !selected.isEmpty else {
            let names = stacks.map(\.rawValue).joined(separator: ", ")
            let matching = globs.isEmpty ? "" : " that match \(globs.joined(separator: ", "))"
            throw ScenarioError(
                "none of the cases\(matching) \(names.isEmpty ? "can be asked" : "has a stack of \(names)")"
            )
        }
        return selected
    }

    /// The beginnings of ids, as long as the pattern, that come nearest to it.
    private func hint(for pattern: IDGlob) -> String {
        let parts = pattern.pattern.split(separator: "/").count
        var candidates = Set(scenarios.map(\.id))
        for candidate in cases {
            candidates.insert(candidate.id.split(separator: "/").prefix(parts).joined(separator: "/"))
        }
        let nearest = Spelling.nearest(to: pattern.pattern, in: Array(candidates), count: 3)
        if nearest.isEmpty {
            return "; the scenarios are \(scenarios.map(\.id).joined(separator: ", "))"
        }
        return "; the nearest known are \(nearest.map { "“\($0)”" }.joined(separator: ", "))"
    }
}
