package import ConformanceModel

extension ConformanceCase {
    /// The same case with other stacks, and with their names at the end of its id.
    package func replayed(by pairing: Pairing) -> ConformanceCase {
        var replayed = self
        let suffix = self.pairing.description
        let stem = id.hasSuffix(suffix) ? String(id.dropLast(suffix.count)) : "\(id)/"
        replayed.id = stem + pairing.description
        replayed.pairing = pairing
        replayed.axes = axes.map { $0.axis == "pairing" ? AxisValue(axis: "pairing", value: pairing.description) : $0 }
        return replayed
    }
}

extension Catalogue {
    /// The cases of our own pairing, played again by each of these pairings.
    ///
    /// - Parameters:
    ///   - pairings: what `pairing: all` stands for besides the stacks in process.
    ///   - globs: which cases, by the ids that they get; all when empty. One that matches none is an error.
    ///   - change: what becomes of each case that is chosen; nil leaves it out.
    /// - Returns: a catalogue of these cases alone.
    package func replayed(
        by pairings: [Pairing],
        globs: [String] = [],
        profiles: [Profile],
        changing change: (ConformanceCase) -> ConformanceCase? = { $0 }
    ) throws(ScenarioError) -> Catalogue {
        let patterns = globs.map(IDGlob.init)
        let own = Pairing(server: .countersign, client: .countersign)
        var hit: Set<IDGlob> = []
        let replayed = scenarios.compactMap { scenario -> Scenario? in
            var scenario = scenario
            scenario.cases = scenario.cases.filter { $0.pairing == own }.flatMap { base in
                pairings.map(base.replayed).filter { candidate in
                    let matching = patterns.filter { $0.matches(candidate.id) }
                    hit.formUnion(matching)
                    return patterns.isEmpty || !matching.isEmpty
                }
                .compactMap(change)
            }
            return scenario.cases.isEmpty ? nil : scenario
        }
        let issues = patterns.filter { !hit.contains($0) }.map {
            ScenarioError.Issue(message: "no case with these stacks has an id that matches “\($0)”")
        }
        guard issues.isEmpty else { throw ScenarioError(issues) }
        // Which entries speak of a case depends on what was chosen, so that one which speaks of none is no mistake.
        return try Catalogue(scenarios: replayed, profiles: profiles, checking: [])
    }
}
