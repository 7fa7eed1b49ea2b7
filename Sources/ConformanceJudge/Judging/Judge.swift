package import ConformanceModel

/// From what was permitted and what was seen to a verdict.
package struct Judge: Sendable {
    /// By the side and the stack that they speak of: most entries are about stacks that don't play a case.
    private let deviations: [Actor: [Deviation]]

    private struct Actor: Hashable {
        var side: Side
        var stack: Stack
    }

    /// - Parameters:
    ///   - deviations: the known differences.
    ///   - versions: stack to the version that is played; an entry that speaks of other versions explains nothing.
    package init(deviations: [Deviation], versions: [String: String] = [:]) {
        let known = deviations.filter { deviation in
            versions[deviation.stack.rawValue].map(deviation.covers) ?? true
        }
        self.deviations = Dictionary(grouping: known) { Actor(side: $0.side, stack: $0.stack) }
    }

    package func result(
        of case: ConformanceCase,
        expectation: CaseExpectation,
        outcome: PlayOutcome,
        durationMs: Double
    ) -> CaseResult {
        let ruling = verdict(on: outcome, of: `case`, expectation: expectation)
        var observed = Observed()
        if case .played(let connections, _) = outcome {
            observed = Observed(server: connections.map(\.server), client: connections.map(\.client))
        }
        return CaseResult(
            id: `case`.id,
            scenario: `case`.scenario,
            axes: Dictionary(`case`.axes.map { ($0.axis, $0.value) }, uniquingKeysWith: { first, _ in first }),
            server: `case`.pairing.server,
            client: `case`.pairing.client,
            verdict: ruling.verdict,
            steps: `case`.steps.allSatisfy(\.isPlain) ? nil : `case`.steps,
            expected: expectation.connections,
            rules: expectation.rules,
            observed: observed,
            reason: ruling.reason,
            deviation: ruling.deviation,
            durationMs: durationMs
        )
    }

    private struct Finding {
        var verdict: Verdict
        var reason: String?
        var deviation: String?
    }

    private func verdict(
        on outcome: PlayOutcome,
        of case: ConformanceCase,
        expectation: CaseExpectation
    ) -> Finding {
        switch outcome {
        case .unsupported(let reason): Finding(verdict: .unsupported, reason: reason)
        case .skipped(let reason): Finding(verdict: .skipped, reason: reason)
        case .timedOut(let reason): Finding(verdict: .timedOut, reason: reason)
        case .crashed(let reason): Finding(verdict: .crashed, reason: reason)
        case .errored(let reason): Finding(verdict: .errored, reason: reason)
        case .played(let connections, let control):
            judge(`case`, expectation: expectation, connections: connections, control: control)
        }
    }

    private func judge(
        _ case: ConformanceCase,
        expectation: CaseExpectation,
        connections: [ConnectionObservation],
        control: ConnectionObservation?
    ) -> Finding {
        if let problem = missingEvidence(expectation, connections: connections, control: control) {
            return Finding(verdict: .errored, reason: problem)
        }
        if expectation.hasRejection, let problem = refusal(of: control) {
            return Finding(verdict: .failed, reason: problem)
        }
        let applicable = Side.allCases.flatMap { side in
            let known = deviations[Actor(side: side, stack: `case`.pairing[side])] ?? []
            // By index: a filter would copy each entry to look at it.
            return known.indices.filter { known[$0].applies(to: `case`, expecting: expectation) }.map { known[$0] }
        }
        let differences = differences(`case`, expectation, connections)
        if differences.isEmpty {
            guard let stale = applicable.first(where: { !$0.isIntermittent }) else { return Finding(verdict: .passed) }
            return Finding(
                verdict: .unexpectedlyPassed,
                reason: "the deviation “\(stale.label)” says that this differs, and it no longer does: "
                    + "remove the entry or narrow it",
                deviation: stale.label
            )
        }
        for candidate in applicable.map({ [$0] }) + (applicable.count > 1 ? [applicable] : []) {
            let patched = candidate.reduce(expectation) { $1.applied(to: $0, of: `case`.pairing) }
            if self.differences(`case`, patched, connections).isEmpty {
                return Finding(
                    verdict: .deviated,
                    reason: candidate.map(\.reason).joined(separator: "; "),
                    deviation: candidate.map(\.label).joined(separator: ", ")
                )
            }
        }
        var reason = differences.joined(separator: "; ")
        if !expectation.rules.isEmpty { reason += "; by \(expectation.rules.joined(separator: ", "))" }
        return Finding(verdict: .failed, reason: reason)
    }

    private func differences(
        _ case: ConformanceCase,
        _ expectation: CaseExpectation,
        _ connections: [ConnectionObservation]
    ) -> [String] {
        var differences: [String] = []
        for (index, pair) in zip(expectation.connections, connections).enumerated() {
            let check = ObservationCheck(expectation: pair.0, observation: pair.1, version: `case`.version)
            let prefix = connections.count > 1 ? "connection \(index + 1): " : ""
            differences += check.differences.map { prefix + $0 }
        }
        let refused = connections.flatMap(\.refusedRotations)
        if refused != expectation.refusedRotations {
            let expected = expectation.refusedRotations.map(\.rawValue).joined(separator: ", ")
            let seen = refused.map(\.rawValue).joined(separator: ", ")
            differences.append("expected refused rotations [\(expected)], saw [\(seen)]")
        }
        return differences
    }

    /// What the engine owes and did not bring: a connection, or the positive control of a case that must be refused.
    private func missingEvidence(
        _ expectation: CaseExpectation,
        connections: [ConnectionObservation],
        control: ConnectionObservation?
    ) -> String? {
        guard !expectation.connections.isEmpty, connections.count == expectation.connections.count else {
            return "expected \(expectation.connections.count) connections, the engine played \(connections.count)"
        }
        if connections.contains(where: { pair in Side.allCases.allSatisfy { !pair[$0].tells(.accepted) } }) {
            return "neither side told whether a connection was accepted, so the case has no evidence"
        }
        return expectation.hasRejection && control == nil
            ? "a case that must be refused was played without its positive control" : nil
    }

    /// A pairing that refuses its control too refuses everything, so its rejection proves nothing.
    private func refusal(of control: ConnectionObservation?) -> String? {
        guard let control,
            let side = Side.allCases.first(where: { !control[$0].accepted && control[$0].tells(.accepted) })
        else { return nil }
        let detail = control[side].detail ?? control[side].reason ?? "no reason given"
        return "the positive control, which must be accepted, failed at the \(side.rawValue): \(detail)"
    }
}
