package import ConformanceModel

/// The profiles that a whole run shows, and the verdicts that follow from them.
package struct ProfileCensus: Sendable {
    package let profiles: ProfileSet
    private let knownHoles: KnownHoles

    package init(profiles: ProfileSet, knownHoles: KnownHoles = KnownHoles()) {
        self.profiles = profiles
        self.knownHoles = knownHoles
    }

    /// The outcome of a run.
    package struct Outcome: Sendable {
        package var results: [CaseResult]
        package var profiles: [String: InferredProfile]
        /// The profiles of the stacks that nothing was known of, as they may be written down.
        package var found: [Profile]
        package var findings: [String]

        /// Tells the refusals of a subject that no rule explains from what else is unexplained.
        fileprivate mutating func nameUnruled(_ subjects: Set<Stack>) {
            let told = Set(results.filter { $0.verdict == .deviated }.map(\.id))
            for subject in subjects.map(\.rawValue) {
                guard var profile = profiles[subject] else { continue }
                let unruled = profile.unexplained.filter(told.contains)
                profile.unruled = unruled.isEmpty ? nil : unruled
                profile.unexplained.removeAll(where: told.contains)
                profiles[subject] = profile
            }
        }
    }

    /// - Parameters:
    ///   - cases: those that were played.
    ///   - results: as they were judged, in any order.
    ///   - subjects: the stacks of which nothing is stated: their results are judged again by what was found.
    ///   - isStrict: whether a subject may not even be stricter than the rules, or word its refusals otherwise.
    package func outcome(
        of cases: [ConformanceCase],
        _ results: [CaseResult],
        subjects: Set<Stack>,
        isStrict: Bool = false
    ) -> Outcome {
        let byID = Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let evidence = results.compactMap { result in byID[result.id].flatMap { Evidence($0, result: result) } }
        var outcome = Outcome(results: results, profiles: [:], found: [], findings: [])
        // Beside a subject the stacks in process are the measure, and no subject.
        let stacks = Set(cases.flatMap { [$0.pairing.server, $0.pairing.client] })
            .subtracting(subjects.isEmpty ? [] : Stack.inProcess).sorted()
        var stated = profiles
        // One stack's solution waits for no other's.
        let solved = stacks.concurrentMap { ProfileInference(stack: $0, profiles: profiles).result(evidence) }
        for (stack, (profile, inferred)) in zip(stacks, solved) {
            var described = inferred
            described.nearest = nearest(to: inferred, besides: stack)
            outcome.profiles[stack.rawValue] = described
            guard subjects.contains(stack) else { continue }
            outcome.found.append(profile)
            stated = stated.replacing(profile)
            outcome.findings += findings(stack, described, isStrict)
        }
        outcome.findings += knownHoles.healed(in: outcome.profiles, versions: profiles.versions)
        guard !subjects.isEmpty, !isStrict else { return outcome }
        let judge = Judge(profiles: stated, knownHoles: knownHoles)
        outcome.results = results.map { result in
            guard result.verdict == .failed, let testCase = byID[result.id],
                let evidence = Evidence(testCase, result: result),
                Side.allCases.contains(where: { subjects.contains(testCase.pairing[$0]) }),
                let again = judge.again(testCase, evidence, result)
            else { return result }
            return judge.unruledStrictness(testCase, evidence, again, subjects: subjects) ?? again
        }
        outcome.nameUnruled(subjects)
        return outcome
    }

    private func findings(_ stack: Stack, _ inferred: InferredProfile, _ isStrict: Bool) -> [String] {
        var findings: [String] = []
        // A stack may refuse more here than there, as one does that misses a revocation list for some of its chains; whoever
        // is let in now and then is let in.
        for (rule, entry) in inferred.rules.sorted(by: { $0.key < $1.key })
        where entry.answer == .varies && (entry.class == .hole || isStrict && entry.class != .limit) {
            findings.append(
                "\(stack.rawValue) answers \(rule) in different ways: otherwise in \(entry.cases.first ?? "a case"), and as "
                    + "it should in \(entry.kept?.first ?? "others")"
            )
        }
        let (decided, asked) = inferred.decided
        if decided * 2 < asked {
            findings.append(
                "\(stack.rawValue): \(decided) of the \(asked) rules that were asked are decided, which says too little; "
                    + "the others are \(inferred.undecided.joined(separator: ", "))"
            )
        }
        return findings
    }

    /// The known stacks that are most alike, by the share of the rules decided for one that both answer alike.
    private func nearest(to inferred: InferredProfile, besides stack: Stack) -> [InferredProfile.Neighbour] {
        let decided = inferred.kept + inferred.rules.keys
        guard !decided.isEmpty else { return [] }
        let known = profiles.profiles.map(\.stack).filter { $0 != stack }
        let neighbours = known.map { other in
            let otherwise = Set(profiles.entries(of: other).map(\.rule.rawValue))
            let alike = decided.count { (inferred.rules[$0] != nil) == otherwise.contains($0) }
            let share = Double(alike * 1000 / decided.count) / 1000
            return InferredProfile.Neighbour(stack: other, agreement: share)
        }
        return Array(
            neighbours.sorted { ($1.agreement, $0.stack) < ($0.agreement, $1.stack) }.prefix(Self.neighbours)
        )
    }

    private static let neighbours = 3
}

extension Judge {
    /// The result of a case in the light of a profile that was found later; nil where it stays what it is.
    func again(_ testCase: ConformanceCase, _ evidence: Evidence, _ result: CaseResult) -> CaseResult? {
        // A control that failed, or a thing that only the engine knows, is no matter of rules.
        guard let reason = result.reason, !reason.hasPrefix(Self.controlProblem) else { return nil }
        var expectation = Oracle().expectation(for: testCase)
        expectation.refusedRotations = []
        var again = self.result(
            of: testCase,
            expectation: expectation,
            outcome: .played(connections: evidence.connections, control: evidence.connections[0].asAccepted),
            durationMs: result.durationMs
        )
        guard again.verdict == .deviated || again.verdict == .failed else { return nil }
        again.flaky = result.flaky
        return again
    }
}

extension ConnectionObservation {
    /// A control that is known to have been accepted.
    fileprivate var asAccepted: ConnectionObservation {
        var control = self
        control.server.accepted = true
        control.client.accepted = true
        return control
    }
}

/// The cases that tell whether a stack keeps a rule: those whose outcome changes when this rule alone is answered
/// otherwise, at one side.
package struct Probing: Sendable {
    private let profiles: ProfileSet
    private let oracle = Oracle()

    /// - Parameter profiles: what the stacks that play do otherwise; a case is asked as it is really played.
    package init(profiles: ProfileSet) {
        self.profiles = profiles
    }

    /// How many cases probe each rule; every rule stands, also with 0.
    package func counts(in cases: [ConformanceCase]) -> [Rule: Int] {
        var counts = Dictionary(uniqueKeysWithValues: Rule.allCases.map { ($0, 0) })
        for rules in cases.concurrentMap({ probed(by: $0, among: Set(Rule.allCases)) }) {
            for rule in rules { counts[rule, default: 0] += 1 }
        }
        return counts
    }

    /// The rules that no case probes; a rule is looked for no further once a case was found.
    package func unprobed(in cases: [ConformanceCase]) -> [Rule] {
        var left = Set(Rule.allCases)
        for testCase in cases where !left.isEmpty { left.subtract(probed(by: testCase, among: left)) }
        return left.sorted { $0.order < $1.order }
    }

    /// A sentence for each rule that no case probes, which a run of every case ends with.
    package func findings(in cases: [ConformanceCase]) -> [String] {
        unprobed(in: cases).map {
            "no case probes the rule \($0.rawValue) alone: add a scenario that does, or remove the rule"
        }
    }

    private func probed(by testCase: ConformanceCase, among rules: Set<Rule>) -> Set<Rule> {
        let conducts = profiles.conducts(for: testCase.pairing, testCase.version)
        let answer = oracle.answer(for: testCase, conducts: conducts)
        var probed: Set<Rule> = []
        for flip in answer.asked where rules.contains(flip.rule) && !probed.contains(flip.rule) {
            let other = oracle.answer(for: testCase, conducts: conducts.toggling(flip)).expectation
            if other.connections != answer.expectation.connections
                || other.refusedRotations != answer.expectation.refusedRotations
            {
                probed.insert(flip.rule)
            }
        }
        return probed
    }
}
