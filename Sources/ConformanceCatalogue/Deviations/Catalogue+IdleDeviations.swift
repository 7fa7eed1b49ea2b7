package import ConformanceModel

extension Catalogue {
    /// The faults of entries about stacks that cases are replayed by: one that speaks of no case at all is
    /// misspelt or out of date. Which cases are chosen makes no difference.
    package func issues(ofExceptionsFor pairings: [Pairing]) -> [ScenarioError.Issue] {
        let own = Pairing(server: .countersign, client: .countersign)
        let bases = cases.filter { $0.pairing == own }
        return profiles.flatMap(\.exceptions).compactMap { deviation -> ScenarioError.Issue? in
            let concerned = pairings.filter { $0[deviation.side] == deviation.stack }
            let isJudgedAlready = Stack.inProcess.contains(deviation.stack) || cases.contains(where: deviation.applies)
            guard !concerned.isEmpty, !isJudgedAlready else { return nil }
            let isHeard = bases.contains { base in
                concerned.contains { deviation.applies(to: base.replayed(by: $0)) }
            }
            if isHeard { return nil }
            return .init(
                file: deviation.file,
                line: deviation.line,
                message: "exception “\(deviation.name)”: no case has its side, an id that it names, and all its values"
            )
        }
    }
}
