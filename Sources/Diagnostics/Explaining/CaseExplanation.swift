package import ConformanceCatalogue
internal import ConformanceJudge
package import ConformanceModel
internal import ConformanceReports

/// An explanation of a case of the catalogue: its demand, the reason, and the meaning of another outcome.
package struct CaseExplanation: Hashable, Sendable {
    package var id: String
    /// The permitted outcome of each connection.
    package var expectation: CaseExpectation
    /// The rules that decided, with their citations.
    package var rules: [RuleDescription]
    /// For each connection, what another result would mean.
    package var consequences: [String]
    /// The failure modes that the case is part of.
    package var failureModes: [FailureMode]

    package init(_ testCase: ConformanceCase, catalogue: FailureModeCatalogue) {
        id = testCase.id
        let expectation = Oracle().expectation(for: testCase)
        self.expectation = expectation
        rules = Oracle.ruleDescriptions.filter { expectation.rules.contains($0.id) }
        consequences = expectation.connections.map { Self.consequence(of: $0.outcome) }
        failureModes = catalogue.modes.filter { mode in
            guard case .cases(let globs, _) = mode.play else { return false }
            return globs.contains { IDGlob($0).matches(testCase.id) }
        }
    }

    private static func consequence(of outcome: Outcome) -> String {
        let reasons = outcome.reasons.joined(separator: " and ")
        switch outcome.decision {
        case .accepted:
            return "A rejection would lock out a peer that is right; look at the side that refused, and its reason."
        case .rejected:
            let side = outcome.by?.rawValue ?? "side"
            let alerts =
                outcome.alerts == nil
                ? "Any alert is permitted, since there is more than one defect"
                : "Another alert than the permitted ones would send people the wrong way"
            return "Acceptance would mean that the \(side) takes what it must refuse (\(reasons)): anybody with such a "
                + "credential gets in. " + alerts
                + "; a rejection by the other side would hide that the \(side) never looked."
        case .configurationError:
            return
                "Going on would mean that a \(outcome.by?.rawValue ?? "side") runs with settings that can't mean what "
                + "they say (\(reasons))."
        }
    }
}

/// An explanation of a case for people: its demand and the reason.
package struct CaseExplanationText {
    package let text: String

    package init(_ explanation: CaseExplanation) {
        var lines = ["CASE      \(explanation.id)"]
        let expected = explanation.expectation.connections.map { ExpectationSentence($0).text }
        lines += Self.field("EXPECTED", Self.numbered(expected))
        lines += Self.field("BECAUSE", explanation.rules.map { "\($0.id): \($0.sentence) (\($0.citation))" })
        lines += Self.field("OTHERWISE", Self.numbered(explanation.consequences))
        lines += Self.field("SHOWS", explanation.failureModes.map { "\($0.id): \($0.title)" })
        lines.append("PROVE     countersign run \(ShellWord.quoted(explanation.id))")
        text = lines.map { PlainText.line($0, limit: 2000) }.joined(separator: "\n")
    }

    private static func numbered(_ lines: [String]) -> [String] {
        lines.count == 1 ? lines : lines.enumerated().map { "connection \($0.offset + 1): \($0.element)" }
    }

    private static func field(_ name: String, _ lines: [String]) -> [String] {
        let indent = String(repeating: " ", count: 10)
        return lines.enumerated().map { index, line in
            (index == 0 ? name + indent.dropFirst(name.count) : indent[...]) + line
        }
    }
}
