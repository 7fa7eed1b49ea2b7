package import ConformanceModel

/// A case that was played, and what was seen of it.
package struct Evidence: Sendable {
    package var testCase: ConformanceCase
    package var connections: [ConnectionObservation]

    package init(_ testCase: ConformanceCase, _ connections: [ConnectionObservation]) {
        self.testCase = testCase
        self.connections = connections
    }

    /// The evidence of a result; nil for a case that wasn't played to its end.
    package init?(_ testCase: ConformanceCase, result: CaseResult) {
        guard !result.observed.server.isEmpty, result.observed.server.count == result.observed.client.count,
            ![.errored, .timedOut, .crashed, .unsupported, .skipped].contains(result.verdict)
        else { return nil }
        self.testCase = testCase
        connections = zip(result.observed.server, result.observed.client).map {
            ConnectionObservation(server: $0, client: $1)
        }
        // Results keep no refused rotation of their own: a case that was judged has had those that were expected.
        refusesRotations = true
    }

    fileprivate(set) var refusesRotations = false
}

/// Finds the smallest set of answers that explains everything that was seen of a stack.
///
/// A question is asked of the oracle only where it can matter: of a case, those rules alone are turned over that spoke in
/// it, and a rule that one case has shown kept is looked at no further.
package struct ProfileInference: Sendable {
    package let stack: Stack
    /// The known profiles of the other stacks.
    let profiles: ProfileSet
    private let judge: Judge
    private let oracle = Oracle()

    package init(stack: Stack, profiles: ProfileSet) {
        self.stack = stack
        // What is stated of the stack itself is what is to be found out.
        self.profiles = profiles.replacing(Profile(stack: stack))
        judge = Judge(profiles: self.profiles)
    }

    /// With a profile of the stack, to look at the cases again in its light.
    init(stack: Stack, profiles: ProfileSet, stated: Profile) {
        self.stack = stack
        self.profiles = profiles.replacing(stated)
        judge = Judge(profiles: self.profiles)
    }

    /// One case, and the questions that it puts to the stack.
    struct Item: Sendable {
        /// The answers that it was looked at with.
        var answers: [SidedRule] = []
        var evidence: Evidence
        var conducts: Conducts
        var asked: [SidedRule]
        var isExplained: Bool
    }

    /// The answers that were found, and what was made of each case.
    struct Solution: Sendable {
        var answers: [SidedRule] = []
        /// Answers that are given in some cases, and not in others that ask for them too.
        var varying: Set<SidedRule> = []
        /// Answers that are given in one version of TLS alone.
        var scopes: [SidedRule: ProtocolVersion] = [:]

        /// The answers that concern a case of this version.
        func answers(in tls: ProtocolVersion) -> [SidedRule] {
            scopes.isEmpty ? answers : answers.filter { (scopes[$0] ?? tls) == tls }
        }
    }

    package func result(_ evidence: [Evidence]) -> (profile: Profile, inferred: InferredProfile) {
        let sides = Side.allCases
        let concerned = evidence.filter { one in sides.contains { one.testCase.pairing[$0] == stack } }
            .sorted { $0.testCase.id < $1.testCase.id }
        var items = concerned.concurrentMap(item)
        let solution = solve(&items)
        for index in items.indices {
            items[index].answers = solution.answers(explaining: items[index], by: self)
        }
        let wording = WordingInference(stack: stack, items: items, oracle: oracle)
        var profile = Profile(stack: stack)
        profile.rules = solution.answers.map { flip in
            Profile.RuleEntry(
                rule: flip.rule,
                scope: Profile.Scope(side: flip.side, tls: solution.scopes[flip]),
                answer: flip.rule.counterfactual.answer,
                why: "seen in a run",
                source: "measured"
            )
        }
        wording.complete(&profile)
        return (profile, report(profile, solution, items))
    }

    private func item(_ evidence: Evidence) -> Item {
        let testCase = evidence.testCase
        let conducts = profiles.conducts(for: testCase.pairing, testCase.version)
        let answer = oracle.answer(for: testCase, conducts: conducts)
        let asked = answer.asked.filter { testCase.pairing[$0.side] == stack }.sorted()
        let differences = judge.differences(
            testCase,
            adjusted(answer.expectation, evidence),
            evidence.connections,
            decisionsAlone: true
        )
        return Item(evidence: evidence, conducts: conducts, asked: asked, isExplained: differences.isEmpty)
    }

    /// Whether a case is as it must be if the stack gives these answers, in every word or in what was decided alone.
    func holds(_ item: Item, _ answers: some Sequence<SidedRule>, inWords: Bool = false) -> Bool {
        let conducts = item.conducts.answering(answers.filter { item.evidence.testCase.pairing[$0.side] == stack })
        let expectation = oracle.answer(for: item.evidence.testCase, conducts: conducts).expectation
        return judge.differences(
            item.evidence.testCase,
            adjusted(expectation, item.evidence),
            item.evidence.connections,
            decisionsAlone: !inWords
        ).isEmpty
    }

    /// Whether a case is as the profiles have it, in every word; a rule that varies is taken as the case shows it.
    func holdsAsStated(_ item: Item) -> Bool {
        let testCase = item.evidence.testCase
        var conducts = profiles.conducts(for: testCase.pairing, testCase.version)
        for side in Side.allCases where testCase.pairing[side] == stack {
            conducts[side].otherwise = [:]
        }
        let expectation = oracle.answer(for: testCase, conducts: conducts.answering(item.answers)).expectation
        return judge.differences(testCase, adjusted(expectation, item.evidence), item.evidence.connections).isEmpty
    }

    /// Whether a case would be the same, in every word, if one more rule were answered otherwise.
    func holdsInFull(_ item: Item, turning rule: SidedRule) -> Bool {
        let testCase = item.evidence.testCase
        func differences(_ answers: [SidedRule], _ decisionsAlone: Bool) -> Bool {
            let conducts = item.conducts.answering(answers)
            let expectation = oracle.answer(for: testCase, conducts: conducts).expectation
            return judge.differences(
                testCase,
                adjusted(expectation, item.evidence),
                item.evidence.connections,
                decisionsAlone: decisionsAlone
            ).isEmpty
        }
        guard differences(item.answers + [rule], true) else { return false }
        // Where the words are right, they are evidence too.
        return !differences(item.answers, false) || differences(item.answers + [rule], false)
    }

    private func adjusted(_ expectation: CaseExpectation, _ evidence: Evidence) -> CaseExpectation {
        guard evidence.refusesRotations else { return expectation }
        var result = expectation
        result.refusedRotations = []
        return result
    }
}

/// The alerts of a stack, the words in which it tells a defect, and where a refusal of it is noticed.
struct WordingInference {
    private struct Key: Hashable {
        var side: Side
        var tls: ProtocolVersion
        var reason: Defect.Reason
    }

    /// Each kind of refusal to the alerts that were seen for it; nil stands for none.
    private var alerts: [Key: Set<AlertDescription?>] = [:]
    private var words: [Key: Set<String>] = [:]
    /// The refusals that were noticed on the first read although the version has them in the handshake.
    private var late: [Key: Bool] = [:]
    /// Whether every alert of a client that refuses a server of TLS 1.3 was lost on a server that reads no plaintext.
    private var losesAlerts: Bool?

    init(stack: Stack, items: [ProfileInference.Item], oracle: Oracle) {
        for item in items where item.isExplained {
            note(item, oracle)
        }
    }

    private mutating func note(_ item: ProfileInference.Item, _ oracle: Oracle) {
        let testCase = item.evidence.testCase
        let asked = Set(item.asked.map(\.side))
        let expected = oracle.answer(for: testCase, conducts: item.conducts.answering(item.answers)).expectation
        for (expectation, observation) in zip(expected.connections, item.evidence.connections) {
            let outcome = expectation.outcome
            guard outcome.decision == .rejected, let side = outcome.by, asked.contains(side),
                outcome.reasons.count == 1, let reason = Defect.Reason(rawValue: outcome.reasons[0]),
                reason != .protocol
            else { continue }
            let key = Key(side: side, tls: testCase.version, reason: reason)
            let seen = observation[side]
            if seen.tells(.reason), let word = seen.reason { words[key, default: []].insert(word) }
            let peer = observation[side.opposite]
            var isUnheard = false
            if side == .client, testCase.version == .tls13, !item.conducts.server.readsPlaintextAlerts,
                peer.tells(.alertReceived)
            {
                let isLost = peer.alertReceived == nil
                losesAlerts = (losesAlerts ?? true) && isLost
                // Its sender may only have heard from the other side that there was one.
                isUnheard = isLost && seen.alertSent == nil
            }
            if seen.tells(.alertSent), !isUnheard { alerts[key, default: []].insert(seen.alertSent) }
            if peer.tells(.noticed), let noticed = peer.noticed {
                let isLate = noticed == .firstRead && outcome.noticedByPeer == .handshake
                late[key] = (late[key] ?? true) && isLate
            }
        }
    }

    /// Adds to a profile what differs from the usual.
    func complete(_ profile: inout Profile) {
        for (key, seen) in alerts.sorted(by: { order($0.key) < order($1.key) }) {
            guard !seen.isEmpty, seen != Set(key.reason.alerts(in: key.tls).map(Optional.some)) else { continue }
            let named = Set(seen.compactMap { $0 })
            let isMixed = seen.contains(nil) && !named.isEmpty
            profile.alerts.append(
                .init(
                    subject: .defect(key.reason),
                    scope: .init(side: key.side, tls: key.tls),
                    alerts: .init(isMixed ? nil : named)
                )
            )
        }
        for (key, seen) in words.sorted(by: { order($0.key) < order($1.key) }) where seen != [key.reason.rawValue] {
            if seen.count == 1, let word = seen.first {
                profile.readings.append(
                    .init(reason: key.reason, scope: .init(side: key.side, tls: key.tls), word: word)
                )
            }
        }
        profile.sendsPlaintextAlerts = losesAlerts == true && late.values.allSatisfy { !$0 }
        for (key, isLate) in late.sorted(by: { order($0.key) < order($1.key) }) where isLate {
            profile.lateRefusals.append(.init(scope: .init(side: key.side, tls: key.tls), reasons: [key.reason]))
        }
    }

    private func order(_ key: Key) -> String { "\(key.reason.rawValue) \(key.side.rawValue) \(key.tls.rawValue)" }
}
