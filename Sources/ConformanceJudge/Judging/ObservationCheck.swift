internal import ConformanceModel

/// Holds what both sides saw of one connection against what the oracle permits.
struct ObservationCheck {
    var expectation: ConnectionExpectation
    var observation: ConnectionObservation
    var version: ProtocolVersion
    /// Whether who decided what is looked at alone, and not in which words, by which alert, and where it was noticed.
    var decisionsAlone = false

    /// Every difference, as a sentence that names the side, what was expected and what was seen.
    var differences: [String] {
        let isPlain = observation.server.heardPlaintext == true
        if expectation.client.speaksPlainly == true {
            return isPlain ? [] : ["client: expected it to speak without TLS, saw none of that"]
        }
        let plaintext = "server: expected TLS alone, saw its client speak without it"
        return (isPlain ? [plaintext] : []) + decisions
    }

    private var decisions: [String] {
        switch expectation.outcome.decision {
        case .accepted: acceptance + Side.allCases.flatMap(report)
        case .rejected: rejection + Side.allCases.flatMap(report)
        case .configurationError: configurationError
        }
    }

    private var acceptance: [String] {
        Side.allCases.flatMap { side -> [String] in
            let seen = observation[side]
            guard seen.accepted || !seen.tells(.accepted) else {
                return ["\(side.rawValue): expected the connection to be accepted, saw \(failure(seen))"]
            }
            return [
                told(side, .version) { compare(side, "version", version.rawValue, seen.version?.rawValue) },
                told(side, .alertSent) { compare(side, "alert sent", nil, seen.alertSent?.name) },
                told(side, .alertReceived) { compare(side, "alert received", nil, seen.alertReceived?.name) },
                compareIfAsserted(
                    side,
                    .resumed,
                    "resumed",
                    expectation.resumed.map(String.init),
                    String(seen.resumed)
                ),
            ].compactMap { $0 }
        }
    }

    private var rejection: [String] {
        let outcome = expectation.outcome
        guard let side = outcome.by else { return ["the expectation names no side that refuses"] }
        let refusing = observation[side]
        let refused = observation[side.opposite]
        // Without the handshake having been reached a failure proves nothing about a check in it.
        for (end, seen) in [(side, refusing), (side.opposite, refused)] {
            if expectation[end].goesOn == true, seen.tells(.accepted) {
                guard !seen.accepted else { continue }
                return ["\(end.rawValue): expected it to count the connection as accepted, saw \(failure(seen))"]
            }
            if seen.accepted, seen.tells(.accepted) {
                return ["\(end.rawValue): expected the connection to be refused (\(reasons)), saw it accepted"]
            }
            if !seen.reachedHandshake, seen.tells(.reachedHandshake) {
                return ["\(end.rawValue): expected a refusal in the handshake, saw none reached: \(failure(seen))"]
            }
        }
        if decisionsAlone { return [] }
        return [
            told(side, .noticed) {
                compare(side, "noticed", NoticePoint.handshake.rawValue, refusing.noticed?.rawValue)
            },
            // A deviation may leave open where the other side notices, which the version decides.
            told(side.opposite, .noticed) {
                outcome.noticedByPeer.flatMap {
                    compare(side.opposite, "noticed", $0.rawValue, refused.noticed?.rawValue)
                }
            },
            told(side, .reason) { reasonDifference(side, refusing) },
            told(side, .alertSent) { alertDifference(side, refusing) },
            alertArrival(from: side),
            compareIfAsserted(
                side,
                .resumed,
                "resumed",
                expectation.resumed.map(String.init),
                String(refusing.resumed)
            ),
        ].compactMap { $0 }
    }

    /// An alert that one side sent must reach the other, unless a deviation names another.
    private func alertArrival(from side: Side) -> String? {
        let sent = observation[side]
        let deviant = expectation[side.opposite].alertReceived
        guard deviant != nil || sent.tells(.alertSent) else { return nil }
        return told(side.opposite, .alertReceived) {
            let received = observation[side.opposite].alertReceived?.name
            return compare(side.opposite, "alert received", deviant ?? sent.alertSent?.name ?? none, received ?? none)
        }
    }

    /// A fact that a side did not tell is not compared, and counts for nothing.
    private func told(_ side: Side, _ field: ObservedField, _ compare: () -> String?) -> String? {
        observation[side].tells(field) ? compare() : nil
    }

    private var reasons: String { expectation.outcome.reasons.joined(separator: ", ") }

    private func reasonDifference(_ side: Side, _ seen: SideObservation) -> String? {
        // A deviation may say that a stack refuses, and leave open how it reads the cause.
        if expectation.outcome.reasons.isEmpty { return nil }
        guard let reason = seen.reason, expectation.outcome.reasons.contains(reason) else {
            return "\(side.rawValue): expected reason \(reasons), saw \(seen.reason ?? "none")"
        }
        return nil
    }

    private func alertDifference(_ side: Side, _ seen: SideObservation) -> String? {
        // An alert that is lost on the other side is seen by nobody where its sender doesn't tell it.
        if seen.alertSent == nil, expectation[side.opposite].alertReceived == none { return nil }
        guard let permitted = expectation.outcome.alerts else {
            return seen.alertSent == nil ? "\(side.rawValue): expected an alert, saw none" : nil
        }
        if permitted.isEmpty {
            return compare(side, "alert sent", nil, seen.alertSent?.name)
        }
        guard let alert = seen.alertSent, permitted.contains(alert) else {
            let names = permitted.map(\.name).joined(separator: " or ")
            return "\(side.rawValue): expected alert \(names), saw \(seen.alertSent?.name ?? "none")"
        }
        return nil
    }

    private var configurationError: [String] {
        let outcome = expectation.outcome
        guard let side = outcome.by else { return ["the expectation names no side whose settings are refused"] }
        let seen = observation[side]
        if seen.accepted || seen.noticed != .configuration {
            let found = seen.accepted ? "it accepted" : failure(seen)
            return ["\(side.rawValue): expected its settings to be refused (\(reasons)), saw \(found)"]
        }
        let other = observation[side.opposite]
        return [
            decisionsAlone ? nil : told(side, .reason) { reasonDifference(side, seen) },
            other.reachedHandshake
                ? "\(side.opposite.rawValue): expected no byte from the other side, saw the handshake begin" : nil,
        ].compactMap { $0 }
    }

    /// The fields that the oracle asserts about one side.
    private func report(_ side: Side) -> [String] {
        let expected = expectation[side]
        let seen = observation[side]
        return [
            compareIfAsserted(side, .presented, "certificate presented", expected.presented, name(seen.presented)),
            compareIfAsserted(side, .received, "certificate received", expected.received, name(seen.received)),
            compareIfAsserted(side, .verified, "verified", expected.verified.map(String.init), String(seen.verified)),
            compareIfAsserted(
                side,
                .verifiedChainLength,
                "verified chain length",
                expected.verifiedChainLength.map(String.init),
                String(seen.verifiedChainLength)
            ),
            compareIfAsserted(side, .sni, "server_name", expected.sni?.lowercased(), (seen.sni ?? none).lowercased()),
            compareIfAsserted(
                side,
                .certificateRequested,
                "certificate requested",
                expected.certificateRequested.map(String.init),
                seen.certificateRequested.map(String.init) ?? none
            ),
            compareIfAsserted(
                side,
                .acceptableCAs,
                "CA names",
                expected.acceptableCAs.map { "[\($0.joined(separator: ", "))]" },
                seen.acceptableCAs.map { "[\($0.joined(separator: ", "))]" } ?? none
            ),
        ].compactMap { $0 }
    }

    private var none: String { SideExpectation.none }

    private func name(_ sighting: CertificateSighting?) -> String {
        sighting.map { $0.name ?? "a certificate of no entry, serial \($0.serial ?? "unknown")" } ?? none
    }

    private func compareIfAsserted(
        _ side: Side,
        _ field: ObservedField,
        _ words: String,
        _ expected: String?,
        _ seen: String
    ) -> String? {
        told(side, field) { expected.flatMap { compare(side, words, $0, seen) } }
    }

    private func compare(_ side: Side, _ field: String, _ expected: String?, _ seen: String?) -> String? {
        expected == seen ? nil : "\(side.rawValue): expected \(field) \(expected ?? none), saw \(seen ?? none)"
    }

    private func failure(_ seen: SideObservation) -> String {
        if seen.accepted { return "it accepted" }
        var words = ["a failure"]
        if let noticed = seen.noticed { words.append("at \(noticed.rawValue)") }
        if let reason = seen.reason { words.append("(\(reason))") }
        if let alert = seen.alertSent { words.append("sending \(alert.name)") }
        if let alert = seen.alertReceived { words.append("receiving \(alert.name)") }
        if let detail = seen.detail { words.append("– \(detail)") }
        return words.joined(separator: " ")
    }
}
