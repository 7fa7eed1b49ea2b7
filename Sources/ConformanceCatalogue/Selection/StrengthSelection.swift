package import ConformanceModel

/// The cases of a catalogue that a strength chooses.
package struct StrengthSelection: Sendable {
    /// The scenarios whose tables are played in full at any strength: which certificate is accepted in which mode, and
    /// which name is accepted on which certificate, are what everything else builds on.
    package static let fullTables = ["client-auth/credentials", "server-auth/names"]

    /// The ids of the chosen cases.
    package let ids: Set<String>
    /// How many combinations of values of t axes the catalogue has, summed over the other scenarios; each is played.
    package let combinations: Int
    private let total: Int
    private let strength: Strength

    /// - Parameter seed: what decides between cases that cover as much.
    package init(_ catalogue: Catalogue, strength: Strength, seed: UInt64) {
        self.strength = strength
        total = catalogue.cases.count
        guard case .ways(let count) = strength else {
            ids = Set(catalogue.cases.map(\.id))
            combinations = 0
            return
        }
        var ids: Set<String> = []
        var combinations = 0
        for scenario in catalogue.scenarios {
            guard !Self.fullTables.contains(scenario.id) else {
                ids.formUnion(scenario.cases.map(\.id))
                continue
            }
            // A seed of its own, so that a scenario that is added changes no other.
            let seed = seed ^ StableHash(scenario.id).value
            let array = CoveringArray(Self.points(of: scenario.cases), strength: count, seed: seed)
            ids.formUnion(array.chosen.map { scenario.cases[$0].id })
            combinations += array.combinations
        }
        self.ids = ids
        self.combinations = combinations
    }

    /// One sentence on what is played.
    package var sentence: String {
        switch strength {
        case .all: "Strength all: every one of the \(total) cases."
        case .ways(let count):
            """
            Strength \(count): \(ids.count) of \(total) cases, with all \(combinations) combinations of \
            \(count == 1 ? "1 axis" : "\(count) axes"), and in full \(Self.fullTables.joined(separator: " and ")).
            """
        }
    }

    /// The cases as numbers of values, axis by axis; an axis that a case lacks has a value of its own.
    static func points(of cases: [ConformanceCase]) -> [[Int]] {
        var axes: [String] = []
        for axis in cases.flatMap(\.axes).map(\.axis) where !axes.contains(axis) { axes.append(axis) }
        var numbers = axes.map { _ in [String?: Int]() }
        return cases.map { testCase in
            axes.indices.map { index in
                let value = testCase.axes.first { $0.axis == axes[index] }?.value
                let number = numbers[index][value] ?? numbers[index].count
                numbers[index][value] = number
                return number
            }
        }
    }
}

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
