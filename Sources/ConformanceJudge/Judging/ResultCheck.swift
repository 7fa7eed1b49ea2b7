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
