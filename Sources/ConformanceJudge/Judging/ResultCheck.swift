package import ConformanceModel

/// Holds a result that was written down against its own expectation and observation.
///
/// A file says what a judge found, and may have been changed since. What follows from the rest of a result is derived
/// again; nothing is played.
package enum ResultCheck {
    /// Everything in a report that contradicts itself, each in a sentence that names the case.
    package static func contradictions(in report: RunReport) -> [String] {
        var found = report.cases.compactMap { result in
            contradiction(in: result).map { "the case \(result.id) is said to be \(result.verdict.rawValue): \($0)" }
        }
        if report.totals != Totals(report.cases) {
            found.append("the totals are not those of the \(report.cases.count) cases")
        }
        return found
    }

    /// Why the verdict can't be that of what was seen; nil when it can.
    static func contradiction(in result: CaseResult) -> String? {
        let isSeen = !result.observed.server.isEmpty || !result.observed.client.isEmpty
        switch result.verdict {
        case .passed:
            return differences(in: result)
        case .unexpectedlyPassed:
            return differences(in: result) ?? lacksReason(result)
        case .failed, .deviated, .timedOut, .crashed, .errored:
            return lacksReason(result)
        case .unsupported, .skipped:
            return isSeen ? "its connections were observed, so it was played" : lacksReason(result)
        }
    }

    private static func differences(in result: CaseResult) -> String? {
        let (server, client) = (result.observed.server, result.observed.client)
        guard !result.expected.isEmpty, server.count == result.expected.count, client.count == server.count else {
            return "\(result.expected.count) connections are expected, and \(server.count) servers and "
                + "\(client.count) clients were observed"
        }
        for (index, expectation) in result.expected.enumerated() {
            let pair = ConnectionObservation(server: server[index], client: client[index])
            guard Side.allCases.contains(where: { pair[$0].tells(.accepted) }) else {
                return "neither side told whether a connection was accepted"
            }
            // The version of a case stands on its axis; where it has none, both sides must at least agree.
            let version = result.axes["tls"].flatMap(ProtocolVersion.init(rawValue:)) ?? pair.version
            guard let version else { continue }
            let check = ObservationCheck(expectation: expectation, observation: pair, version: version)
            if let first = check.differences.first { return first }
        }
        return nil
    }

    private static func lacksReason(_ result: CaseResult) -> String? {
        result.reason?.isEmpty == false ? nil : "it gives no reason"
    }
}

extension ConnectionObservation {
    /// The version that a side tells.
    fileprivate var version: ProtocolVersion? { server.version ?? client.version }
}

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
