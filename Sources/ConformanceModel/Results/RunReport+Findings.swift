extension RunReport {
    /// What is wrong with a complete run besides its cases: no case at all, a rule that no case hits, a deviation that
    /// matches no case.
    package static func findings(
        cases: [CaseResult],
        ruleHits: [String: Int],
        unmatchedDeviations: [String]
    ) -> [String] {
        var findings: [String] = []
        if cases.isEmpty { findings.append("the run has no case, so it says nothing") }
        for (rule, hits) in ruleHits.sorted(by: { $0.key < $1.key }) where hits == 0 {
            findings.append("no case hits the rule \(rule): add a scenario that does, or remove the rule")
        }
        for deviation in unmatchedDeviations.sorted() {
            findings.append("the deviation “\(deviation)” matches no case: remove the entry or mend its globs")
        }
        return findings
    }

    /// What is wrong with a run that was played to its end, besides its cases.
    ///
    /// - Parameter expectsEveryRule: whether every rule must have a case; a part of the catalogue can't be held to that.
    package static func findings(
        ofComplete cases: [CaseResult],
        ruleHits: [String: Int],
        expectsEveryRule: Bool
    ) -> [String] {
        var findings =
            expectsEveryRule ? findings(cases: cases, ruleHits: ruleHits, unmatchedDeviations: []) : []
        // Otherwise a run of which nothing could be played would look like a good one.
        if !cases.isEmpty, cases.allSatisfy({ [.unsupported, .skipped].contains($0.verdict) }) {
            findings.append("no case was played: each is unsupported or skipped, for the reasons given")
        }
        return findings
    }

    /// How many cases each rule decided; every rule stands, also with 0.
    package static func ruleHits(in cases: [CaseResult]) -> [String: Int] {
        var hits = Dictionary(uniqueKeysWithValues: Rule.allCases.map { ($0.rawValue, 0) })
        for rule in cases.flatMap(\.rules) { hits[rule, default: 0] += 1 }
        return hits
    }
}
