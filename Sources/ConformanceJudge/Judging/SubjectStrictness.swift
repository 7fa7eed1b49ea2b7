internal import ConformanceModel

/// The verdict on a subject's answer that no rule explains, and by which it lets nobody in.
///
/// A stranger's stack may refuse for reasons that no rule knows, such as an extension that it doesn't read. That is told,
/// and is no fault of it; an answer by which somebody might get in stays a failure.
extension Judge {
    /// A result in which the subject was at least as strict as expected; nil where it was not.
    func unruledStrictness(
        _ testCase: ConformanceCase,
        _ evidence: Evidence,
        _ result: CaseResult,
        subjects: Set<Stack>
    ) -> CaseResult? {
        guard result.verdict == .failed,
            let side = Side.allCases.first(where: { subjects.contains(testCase.pairing[$0]) }),
            result.expected.count == evidence.connections.count
        else { return nil }
        if let cause = result.cause, subjects.contains(cause.stack),
            Rule(rawValue: cause.rule)?.counterfactual.class == .hole
        {
            return nil
        }
        let conducts = profiles.conducts(for: testCase.pairing, testCase.version)
        let stated = Oracle().answer(for: testCase, conducts: conducts).expectation
        var kind = DifferenceClass.wording
        for (expectation, observation) in zip(stated.connections, evidence.connections) {
            let check = ObservationCheck(
                expectation: expectation,
                observation: observation,
                version: testCase.version,
                decisionsAlone: true
            )
            if check.differences.isEmpty { continue }
            guard Self.isRefusal(observation, by: side) else { return nil }
            if expectation.outcome.decision == .accepted { kind = .stricter }
        }
        var told = result
        let stack = testCase.pairing[side]
        told.verdict = .deviated
        told.cause = nil
        told.deviation = "\(stack.rawValue): \(kind.rawValue) by no rule"
        told.reason = "\(stack.rawValue) refuses, and no rule says why; \(result.reason ?? "")"
        return told
    }

    /// Whether a side refused the other, as far as the other could see.
    private static func isRefusal(_ observation: ConnectionObservation, by side: Side) -> Bool {
        let peer = observation[side.opposite]
        guard !peer.accepted, peer.tells(.accepted), peer.noticed != .configuration,
            observation.server.heardPlaintext != true, observation[side].accepted == false
        else { return false }
        // The peer has a word of its own for a refusal that is its own.
        return peer.reason.map { [.peerAlert, .prematureEnd, .other].contains(ReasonClass(rawValue: $0)) } ?? false
    }
}
