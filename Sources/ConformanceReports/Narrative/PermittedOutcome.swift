package import ConformanceModel

/// What is permitted for a case, in a few words for a list.
package struct PermittedOutcome {
    package let text: String

    package init(_ expectation: CaseExpectation) {
        text = expectation.connections.map { Self.words($0.outcome) + ($0.resumed == true ? " (resumed)" : "") }.joined(
            separator: ", then "
        )
    }

    private static func words(_ outcome: Outcome) -> String {
        let reasons = outcome.reasons.joined(separator: "+")
        let side = outcome.by?.rawValue ?? "side"
        switch outcome.decision {
        case .accepted:
            return "accepted"
        case .rejected:
            let alerts = outcome.alerts.map { $0.map { String($0.rawValue) }.joined(separator: "|") } ?? "any"
            return "rejected by \(side) for \(reasons), alert \(alerts.isEmpty ? "none" : alerts)"
        case .configurationError:
            return "configuration error of \(side) for \(reasons)"
        }
    }
}
