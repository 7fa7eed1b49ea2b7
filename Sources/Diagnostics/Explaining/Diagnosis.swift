internal import ConformanceCatalogue
package import ConformanceModel
internal import ConformanceReports

/// The knowledge of a failure mode, in six fields that always come in the same order.
package struct Diagnosis: Hashable, Sendable {
    /// One failure that may be behind the text.
    package struct Candidate: Hashable, Sendable {
        package var id: String
        package var title: String
        package var causes: [FailureMode.Cause]
    }

    /// The side that refused, the other one, and the step.
    package var verdict: String
    /// Each recognised line, with the stack whose words these are, the alert and the layer.
    package var observed: [String]
    /// The most likely first; more than one is an ambiguity of the text itself.
    package var candidates: [Candidate]
    /// Causes that the text is often mistaken for.
    package var misreadings: [String]
    /// The evidence to collect to decide between the candidates.
    package var evidence: [String]
    package var fixes: [FailureMode.Fix]
    package var prove: [String]

    /// Whether the text alone doesn't tell which failure it was.
    package var isAmbiguous: Bool { candidates.count > 1 }

    /// A failure mode's entry without a log text.
    package init(_ mode: FailureMode) {
        verdict = mode.verdict
        observed = mode.symptoms.map { "\($0.stack): \($0.text)" }
        candidates = [Candidate(id: mode.id, title: mode.title, causes: mode.causes)]
        misreadings = mode.misreadings
        evidence =
            ["right: \(mode.right)", "in the field: \(mode.field)", "seen: \(mode.sightWords)"]
            + mode.sources.map { "source: \($0)" }
        fixes = mode.fixes
        switch mode.play {
        case .cases(let globs, _): prove = globs.map { "countersign run '\($0)'" }
        case .reason(let reason): prove = ["not played here: \(reason)"]
        case .releases: prove = []
        }
        if mode.releases != nil { prove.insert("countersign reproduce \(mode.id)", at: 0) }
    }
}

extension FailureMode.Layer {
    package var words: String {
        switch self {
        case .file: "files, before any connection"
        case .handshake: "TLS handshake"
        case .afterHandshake: "after the client's handshake returned"
        case .http: "HTTP"
        case .tcp: "TCP"
        case .application: "application"
        }
    }
}

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
