internal import ConformanceModel

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
