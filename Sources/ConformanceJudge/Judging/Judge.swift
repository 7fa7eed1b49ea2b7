package import ConformanceModel

/// From what was permitted and what was seen to a verdict.
package struct Judge: Sendable {
    package let profiles: ProfileSet
    /// The holes that a run knows of, and goes on with.
    private let knownHoles: KnownHoles
    private let oracle: Oracle

    /// - Parameters:
    ///   - profiles: what the stacks that play do otherwise, for the versions that play.
    ///   - knownHoles: the holes of foreign stacks that don't end a run with 1.
    ///   - oracle: the oracle that the expectations come from, which is asked again with the profiles.
    package init(profiles: ProfileSet, knownHoles: KnownHoles = KnownHoles(), oracle: Oracle = Oracle()) {
        self.profiles = profiles
        self.knownHoles = knownHoles
        self.oracle = oracle
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
        var result = CaseResult(
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
        result.cause = ruling.cause
        return result
    }

    static let controlProblem = "the positive control"

    private struct Finding {
        var verdict: Verdict
        var reason: String?
        var deviation: String?
        var cause: ResultCause?
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
        let differences = differences(`case`, expectation, connections)
        let conducts = profiles.conducts(for: `case`.pairing, `case`.version)
        let derived = conducts == Conducts() ? nil : oracle.answer(for: `case`, conducts: conducts)
        // Where no entry of a profile was used, no profile excuses a difference.
        let answer = derived.flatMap { $0.used.isEmpty ? nil : $0 }
        let stated = answer?.expectation ?? expectation
        let exceptions = exceptions(for: `case`, stated)
        if self.differences(`case`, stated, connections).isEmpty {
            let stale = exceptions.first { exception in
                !exception.isIntermittent
                    && !self.differences(`case`, exception.applied(to: stated, of: `case`.pairing), connections).isEmpty
            }
            if let stale { return unexpectedlyPassed(stale.label) }
            guard !differences.isEmpty, let answer else {
                return answer.flatMap { needless(`case`, expectation, $0, conducts) } ?? Finding(verdict: .passed)
            }
            return deviated(`case`, answer, conducts, connections)
        }
        for candidate in exceptions.map({ [$0] }) + (exceptions.count > 1 ? [exceptions] : []) {
            let patched = candidate.reduce(stated) { $1.applied(to: $0, of: `case`.pairing) }
            guard self.differences(`case`, patched, connections).isEmpty else { continue }
            if differences.isEmpty { return Finding(verdict: .passed) }
            let accepted = candidate.filter { lets(in: $0, expectation, patched) }
            return holeAware(
                Finding(
                    verdict: .deviated,
                    reason: candidate.map(\.reason).joined(separator: "; "),
                    deviation: candidate.map(\.label).joined(separator: ", ")
                ),
                holes: accepted.map { ($0.stack, $0.name) }
            )
        }
        if differences.isEmpty, let answer {
            let labels = needed(answer.used, of: `case`, conducts, toMatch: connections).map {
                profiles.label($0, of: `case`.pairing)
            }
            return unexpectedlyPassed(labels.joined(separator: ", "))
        }
        return failed(`case`, expectation, stated, conducts, connections)
    }

    private func unexpectedlyPassed(_ labels: String) -> Finding {
        Finding(
            verdict: .unexpectedlyPassed,
            reason: "the profile's entry “\(labels)” says that this differs, and it no longer does: "
                + "remove the entry or narrow it",
            deviation: labels
        )
    }

    private func exceptions(for case: ConformanceCase, _ stated: CaseExpectation) -> [ProfileException] {
        Side.allCases.flatMap { side in
            profiles.exceptions(of: `case`.pairing[side]).filter {
                $0.side == side && $0.applies(to: `case`, expecting: stated)
            }
        }
    }

    private func deviated(
        _ case: ConformanceCase,
        _ answer: OracleAnswer,
        _ conducts: Conducts,
        _ connections: [ConnectionObservation]
    ) -> Finding {
        let needed = answer.used.sorted().filter { use in
            let without = oracle.answer(for: `case`, conducts: conducts.without(use)).expectation
            return !differences(`case`, without, connections).isEmpty
        }
        let uses = needed.isEmpty ? answer.used.sorted() : needed
        let holes = uses.filter { Rule(rawValue: $0.key)?.counterfactual.class == .hole }
        return holeAware(
            Finding(
                verdict: .deviated,
                reason: uses.map { profiles.sentence($0, of: `case`.pairing) }.uniqued.joined(separator: "; "),
                deviation: uses.map { profiles.label($0, of: `case`.pairing) }.uniqued.joined(separator: ", ")
            ),
            holes: holes.map { (`case`.pairing[$0.side], $0.key) }
        )
    }

    /// A hole of a foreign stack is a failure, whatever profile or pattern speaks of it, unless the run knows of it. The
    /// stacks in process are exact: their holes stand in their profiles, and each of them is looked for.
    private func holeAware(_ finding: Finding, holes: [(stack: Stack, name: String)]) -> Finding {
        let open = holes.filter { hole in
            !Stack.inProcess.contains(hole.stack)
                && !knownHoles.covers(hole.stack, hole.name, version: profiles.versions[hole.stack.rawValue])
        }
        guard let first = open.first else { return finding }
        var finding = finding
        finding.verdict = .failed
        finding.cause = ResultCause(stack: first.stack, rule: first.name)
        finding.reason =
            "\(first.stack.rawValue) has a hole: \(first.name); \(finding.reason ?? ""); a run goes on with a hole that "
            + "--known-holes lists"
        return finding
    }

    /// Whether an exception turns what must be refused, or not be resumed, into an acceptance.
    private func lets(
        in exception: ProfileException,
        _ expectation: CaseExpectation,
        _ patched: CaseExpectation
    ) -> Bool {
        zip(expectation.connections, patched.connections).contains { strict, seen in
            (strict.outcome.decision != .accepted && seen.outcome.decision == .accepted)
                || (strict.resumed == false && seen.resumed == true)
                || Side.allCases.contains { strict[$0].verified == false && seen[$0].verified == true }
        }
    }

    /// An entry that speaks of a difference which what was permitted doesn't have.
    private func needless(
        _ case: ConformanceCase,
        _ expectation: CaseExpectation,
        _ answer: OracleAnswer,
        _ conducts: Conducts
    ) -> Finding? {
        guard answer.expectation.connections == expectation.connections else { return nil }
        let needless = answer.used.sorted().first { use in
            guard Rule(rawValue: use.key) != nil else { return false }
            let without = oracle.answer(for: `case`, conducts: conducts.without(use)).expectation
            return without.connections != answer.expectation.connections
        }
        return needless.map { unexpectedlyPassed(profiles.label($0, of: `case`.pairing)) }
    }

    /// The entries without which what was seen would be as the profiles have it.
    private func needed(
        _ used: Set<ProfileUse>,
        of case: ConformanceCase,
        _ conducts: Conducts,
        toMatch connections: [ConnectionObservation]
    ) -> [ProfileUse] {
        let blamed = used.sorted().filter { use in
            let without = oracle.answer(for: `case`, conducts: conducts.without(use)).expectation
            return differences(`case`, without, connections).isEmpty
        }
        return blamed.isEmpty ? used.sorted() : blamed
    }

    /// The side that is at fault and the rule that it answers otherwise come first, where one rule accounts for it all.
    private func failed(
        _ case: ConformanceCase,
        _ expectation: CaseExpectation,
        _ stated: CaseExpectation,
        _ conducts: Conducts,
        _ connections: [ConnectionObservation]
    ) -> Finding {
        var reason = differences(`case`, stated, connections).joined(separator: "; ")
        let asked = oracle.answer(for: `case`, conducts: conducts).asked.sorted()
        // The stacks in process are held to every word in runs of their own, so that beside a program they are the measure.
        let foreign = Side.allCases.filter { !Stack.inProcess.contains(`case`.pairing[$0]) }
        let blamed = asked.first { flip in
            guard foreign.isEmpty || foreign.contains(flip.side) else { return false }
            let flipped = oracle.answer(for: `case`, conducts: conducts.toggling(flip)).expectation
            return decisionDifferences(`case`, flipped, connections).isEmpty
        }
        var cause: ResultCause?
        if let blamed, !decisionDifferences(`case`, stated, connections).isEmpty {
            cause = ResultCause(stack: `case`.pairing[blamed.side], rule: blamed.rule.rawValue)
            let (answer, kind) = blamed.rule.counterfactual
            let verb = answer == .differs ? "answers it otherwise" : "\(answer.rawValue) it"
            reason =
                "\(blamed.side.rawValue): \(blamed.rule.rawValue) (\(blamed.rule.description.sentence)) and "
                + "\(`case`.pairing[blamed.side].rawValue) \(verb), \(kind == .hole ? "which is a hole" : kind.rawValue); "
                + reason
        }
        if !expectation.rules.isEmpty { reason += "; by \(expectation.rules.joined(separator: ", "))" }
        return Finding(verdict: .failed, reason: reason, cause: cause)
    }

    /// The differences in what was decided, alerts and words aside.
    package func decisionDifferences(
        _ case: ConformanceCase,
        _ expectation: CaseExpectation,
        _ connections: [ConnectionObservation]
    ) -> [String] {
        differences(`case`, expectation, connections, decisionsAlone: true)
    }

    package func differences(
        _ case: ConformanceCase,
        _ expectation: CaseExpectation,
        _ connections: [ConnectionObservation],
        decisionsAlone: Bool = false
    ) -> [String] {
        var differences: [String] = []
        for (index, pair) in zip(expectation.connections, connections).enumerated() {
            let check = ObservationCheck(
                expectation: pair.0,
                observation: pair.1,
                version: `case`.version,
                decisionsAlone: decisionsAlone
            )
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

    /// The observation that the engine owes and did not bring: a connection, or the positive control of a case that
    /// must be refused.
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
        return "\(Self.controlProblem), which must be accepted, failed at the \(side.rawValue): \(detail)"
    }
}
