internal import ConformanceModel
internal import ConformanceReports

/// A diagnosis for people: six fields, always in this order.
package struct DiagnosisText {
    package let text: String

    package init(_ diagnosis: Diagnosis) {
        var lines = ["VERDICT   \(diagnosis.verdict)"]
        lines += Self.field("OBSERVED", diagnosis.observed)
        lines += Self.field("CAUSE", Self.causes(diagnosis))
        lines += Self.field("EVIDENCE", diagnosis.evidence)
        lines += Self.field("FIX", diagnosis.fixes.map { "\($0.stack): \($0.action)" })
        lines += Self.field("PROVE", diagnosis.prove)
        text = lines.map { PlainText.line($0, limit: 2000) }.joined(separator: "\n")
    }

    private static func causes(_ diagnosis: Diagnosis) -> [String] {
        var lines: [String] = []
        if diagnosis.isAmbiguous {
            lines.append("These words alone don't tell which of \(diagnosis.candidates.count) failures it was:")
        }
        for candidate in diagnosis.candidates {
            lines.append("\(candidate.id): \(candidate.title)")
            for (index, cause) in candidate.causes.enumerated() {
                lines.append("  \(index + 1). \(cause.cause) Tell: \(cause.tell)")
            }
        }
        return lines + diagnosis.misreadings.map { "Not: \($0)" }
    }

    private static func field(_ name: String, _ lines: [String]) -> [String] {
        let indent = String(repeating: " ", count: 10)
        return lines.enumerated().map { index, line in
            (index == 0 ? name + indent.dropFirst(name.count) : indent[...]) + line
        }
    }
}
