package import ConformanceModel

/// Holds the scenarios against the oracle before anything is played.
package enum Agreement {
    /// Every case whose author states another outcome than the oracle derives, and every case that must be refused
    /// without a positive control that must be accepted.
    ///
    /// - Parameter expectations: what the oracle permits for each case, in the cases' order.
    package static func disagreements(
        of cases: [ConformanceCase],
        expecting expectations: [CaseExpectation],
        oracle: Oracle
    ) -> [String] {
        zip(cases, expectations).flatMap { disagreements(of: $0, expecting: $1, oracle: oracle) }
    }

    private static func disagreements(
        of case: ConformanceCase,
        expecting expectation: CaseExpectation,
        oracle: Oracle
    ) -> [String] {
        var result: [String] = []
        if let stated = `case`.statedExpectation, let last = expectation.connections.last?.outcome {
            let derived: StatedExpectation.Outcome = last.decision == .accepted ? .accepted : .rejected
            if stated.outcome != derived {
                result.append(
                    "\(`case`.id): the scenario states \(stated.outcome.rawValue), and the oracle derives \(derived.rawValue) "
                        + "by \(expectation.rules.joined(separator: ", "))"
                )
            }
        }
        if let stated = `case`.statedExpectation?.resumed, let last = expectation.connections.last,
            last.resumed != stated
        {
            let derived = last.resumed.map(String.init) ?? "either"
            result.append("\(`case`.id): the scenario states resumed: \(stated), and the oracle derives \(derived)")
        }
        for rule in `case`.statedExpectation?.rules ?? [] where !expectation.rules.contains(rule) {
            result.append(
                "\(`case`.id): the scenario states that \(rule) decides, and the oracle decides by "
                    + expectation.rules.joined(separator: ", ")
            )
        }
        guard expectation.hasRejection else { return result }
        switch oracle.controlExpectation(for: `case`)?.outcome.decision {
        case .accepted: break
        case nil: result.append("\(`case`.id): a case that must be refused needs a `control` that is accepted")
        case .rejected, .configurationError:
            result.append("\(`case`.id): its `control` must be accepted, and the oracle derives a refusal")
        }
        return result
    }
}
