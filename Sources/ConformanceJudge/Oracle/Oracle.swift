package import ConformanceModel

/// The pure function from a case's facts to what is permitted, and the rules that gave it.
///
/// It reasons about recipes and settings alone; it never sees a certificate, a key or a byte of a handshake, and it
/// shares no code with what it judges.
package struct Oracle: Sendable {
    private let mutation: OracleMutation?

    package init() {
        mutation = nil
    }

    /// An oracle that is wrong on purpose, to prove that a run notices.
    package init(mutation: OracleMutation) {
        self.mutation = mutation
    }

    /// All rules as reports show them, in the order of their declaration.
    package static var ruleDescriptions: [RuleDescription] {
        Rule.allCases.map(\.description)
    }

    /// What the rules permit, whatever stacks play the case.
    package func expectation(for case: ConformanceCase) -> CaseExpectation {
        answer(for: `case`, conducts: Conducts()).expectation
    }

    /// What these stacks must do, as their profiles have it, and how it came about.
    package func answer(for case: ConformanceCase, conducts: Conducts) -> OracleAnswer {
        var ruling = Ruling(conducts: conducts, mutation: mutation)
        let timeline = Timeline(of: `case`, ruling: &ruling)
        var sessions = SessionOracle()
        let connections = timeline.connections.map { sessions.expectation(for: $0, ruling: &ruling) }
        return OracleAnswer(
            expectation: CaseExpectation(
                connections: connections,
                refusedRotations: timeline.refusedRotations,
                rules: ruling.hits.map(\.rawValue)
            ),
            asked: ruling.asked,
            used: ruling.used
        )
    }

    /// The permitted outcomes of many cases, in their order.
    package func expectations(for cases: [ConformanceCase]) -> [CaseExpectation] {
        cases.concurrentMap(expectation(for:))
    }

    /// The permitted outcome of the positive control of a case, or nil when it has none.
    package func controlExpectation(for case: ConformanceCase) -> ConnectionExpectation? {
        guard let control = `case`.control else { return nil }
        var facts = ConnectionFacts(of: `case`)
        facts.server = control.server
        facts.client = control.client
        var ruling = Ruling(mutation: mutation)
        return HandshakeOracle(facts: facts).expectation(ruling: &ruling)
    }
}

/// What the oracle says of a case, and what it went by.
package struct OracleAnswer: Sendable {
    package var expectation: CaseExpectation
    /// Every rule that was asked, with the side that it was asked at.
    package var asked: Set<SidedRule>
    /// The entries of the profiles that took part.
    package var used: Set<ProfileUse>
}
