package import ConformanceModel

/// The outcome that the oracle permits for one connection, in one sentence.
package struct ExpectationSentence {
    package let text: String

    package init(_ expectation: ConnectionExpectation) {
        var parts = [Self.outcome(expectation.outcome) + Self.session(expectation)]
        for side in Side.allCases {
            let facts = Self.facts(expectation[side])
            if !facts.isEmpty {
                parts.append("\(side.rawValue): \(facts.joined(separator: ", "))")
            }
        }
        text = parts.joined(separator: "; ")
    }

    private static func outcome(_ outcome: Outcome) -> String {
        let reasons = outcome.reasons.joined(separator: " and ")
        switch outcome.decision {
        case .accepted:
            return "accepted"
        case .rejected:
            var text = "rejected by the \(outcome.by?.rawValue ?? "other side") for \(reasons)"
            text += outcome.alerts.map { " with \(alerts($0))" } ?? " with any alert"
            if let notice = outcome.noticedByPeer {
                text += ", which its peer notices in \(notice.sentencePart)"
            }
            return text
        case .configurationError:
            return "the settings of the \(outcome.by?.rawValue ?? "side") refused before any byte for \(reasons)"
        }
    }

    /// The fate of a session; nothing where none is offered.
    private static func session(_ expectation: ConnectionExpectation) -> String {
        switch (expectation.resumed, expectation.declinedBy) {
        case (true?, _): ", resumed"
        case (nil, _): ", resumed or in full"
        case (false?, let sides?):
            ", in full, since "
                + (sides.isEmpty ? "the session" : sides.map { "the \($0.rawValue)" }.joined(separator: " and "))
                + (sides.isEmpty ? " ends" : " must decline the session")
        case (false?, nil): ""
        }
    }

    private static func alerts(_ alerts: [AlertDescription]) -> String {
        guard !alerts.isEmpty else { return "no alert" }
        return "alert " + alerts.map(\.sentencePart).joined(separator: " or ")
    }

    private static func facts(_ side: SideExpectation) -> [String] {
        var facts: [String] = []
        if let presented = side.presented { facts.append("presented \(presented)") }
        if let received = side.received { facts.append("received \(received)") }
        if let verified = side.verified { facts.append(verified ? "verified" : "not verified") }
        if let length = side.verifiedChainLength { facts.append("verified chain of \(length)") }
        if let sni = side.sni { facts.append("server_name \(sni)") }
        if let requested = side.certificateRequested {
            facts.append(requested ? "certificate requested" : "no certificate requested")
        }
        if let names = side.acceptableCAs {
            facts.append(names.isEmpty ? "no CA names" : "CA names \(names.joined(separator: " "))")
        }
        return facts
    }
}

extension AlertDescription {
    /// Number and IANA name, as they stand in every sentence.
    var sentencePart: String { "\(rawValue) \(name)" }
}

extension NoticePoint {
    var sentencePart: String {
        switch self {
        case .configuration: "its configuration"
        case .handshake: "the handshake"
        case .firstRead: "its first read"
        }
    }
}

/// The permitted outcome of a case, in a few words for a list.
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
