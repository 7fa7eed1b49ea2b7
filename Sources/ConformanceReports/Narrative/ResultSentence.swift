package import ConformanceModel

/// The one sentence that tells how a run ended.
package struct ResultSentence {
    package let text: String

    package init(_ report: RunReport) {
        let unexpected = report.cases.count { !$0.verdict.isExpected }
        var sentence: String
        if report.cases.isEmpty {
            sentence = "No case was played"
        } else if unexpected == 0 {
            let all = report.cases.count == 1 ? "The only case" : "All \(Count.of(report.cases.count, "case"))"
            sentence = "\(all) ended as expected: \(Self.verdicts(report.totals))"
        } else {
            let total = Count.of(report.cases.count, "case")
            sentence =
                "\(Count.grouped(unexpected)) of \(total) did not end as expected: \(Self.verdicts(report.totals))"
        }
        if !report.findings.isEmpty {
            let findings = Count.of(report.findings.count, "finding")
            sentence += "; the run as a whole is not as expected, with \(findings)"
        }
        text = (report.isComplete ? "" : "Incomplete, since the run was stopped: ") + sentence + "."
    }

    /// The verdicts that occurred, in the order of their enumeration.
    private static func verdicts(_ totals: Totals) -> String {
        Verdict.allCases.compactMap { verdict in
            let count = totals.verdicts[verdict.rawValue, default: 0]
            return count == 0 ? nil : "\(Count.grouped(count)) \(verdict.rawValue)"
        }
        .joined(separator: ", ")
    }
}

/// Numbers as reports write them.
enum Count {
    /// `4321` as `4,321`.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// `1 case`, `4,321 cases`.
    static func of(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// A number with one digit after the point, locale independent.
    static func tenths(_ number: Double) -> String {
        guard number.isFinite, number > 0, number < 1e15 else { return "0.0" }
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Milliseconds as seconds with three digits, locale independent.
    static func seconds(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite, milliseconds > 0, milliseconds < 1e15 else { return "0.000" }
        let whole = Int(milliseconds.rounded())
        let fraction = String(whole % 1000)
        return "\(whole / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}

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
