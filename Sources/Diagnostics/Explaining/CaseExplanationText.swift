internal import ConformanceModel
internal import ConformanceReports

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
