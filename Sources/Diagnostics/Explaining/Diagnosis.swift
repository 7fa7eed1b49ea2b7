package import ConformanceCatalogue
package import ConformanceModel

/// What a text of a log means, in six fields that always come in the same order.
package struct Diagnosis: Hashable, Sendable {
    /// One failure that may be behind the text.
    package struct Candidate: Hashable, Sendable {
        package var id: String
        package var title: String
        package var causes: [FailureMode.Cause]
    }

    /// Who refused whom, and at which step.
    package var verdict: String
    /// Each recognised line, with the stack whose words these are, the alert and the layer.
    package var observed: [String]
    /// The most likely first; more than one is an ambiguity of the text itself.
    package var candidates: [Candidate]
    /// What the text is often taken for, and isn't.
    package var misreadings: [String]
    /// What to collect to decide between the candidates.
    package var evidence: [String]
    package var fixes: [FailureMode.Fix]
    package var prove: [String]

    /// Whether the text alone doesn't tell which failure it was.
    package var isAmbiguous: Bool { candidates.count > 1 }

    /// Nil when the text holds no symptom of any failure mode.
    package init?(of text: String, by catalogue: FailureModeCatalogue) {
        let matches = catalogue.matches(in: text)
        guard let first = matches.first else { return nil }
        // Below a quarter of the best one a match is a coincidence of words.
        let likely = matches.prefix(Self.mostCandidates).filter { $0.score * 4 >= first.score }
        let mode = first.mode
        verdict = mode.verdict
        observed = first.hits.map { hit in
            var parts = ["\(hit.line.trimmingWhitespace) — words of \(hit.symptom.stack)"]
            if let quoted = QuotedAlert(in: hit.line) {
                parts.append("alert \(quoted.alert.rawValue) \(quoted.alert.name)")
            }
            parts.append("layer: \(mode.layer.words)")
            return parts.joined(separator: ", ")
        }
        candidates = likely.map { Candidate(id: $0.mode.id, title: $0.mode.title, causes: $0.mode.causes) }
        misreadings = mode.misreadings + Self.generalMisreadings(of: text)
        evidence = Self.evidence(for: mode.layer)
        fixes = mode.fixes
        prove = ["countersign explain \(mode.id)"]
        if case .cases(let globs, _) = mode.play { prove += globs.map { "countersign run '\($0)'" } }
    }

    /// What is known of one failure mode without a text.
    package init(_ mode: FailureMode) {
        verdict = mode.verdict
        observed = mode.symptoms.map { "\($0.stack): \($0.text)" }
        candidates = [Candidate(id: mode.id, title: mode.title, causes: mode.causes)]
        misreadings = mode.misreadings
        evidence = ["right: \(mode.right)", "in the field: \(mode.field)"] + mode.sources.map { "source: \($0)" }
        fixes = mode.fixes
        switch mode.play {
        case .cases(let globs, _): prove = globs.map { "countersign run '\($0)'" }
        case .reason(let reason): prove = ["not played here: \(reason)"]
        }
    }

    private static let mostCandidates = 6

    /// Popular misreadings that hang on words and not on a failure.
    private static func generalMisreadings(of text: String) -> [String] {
        let form = SymptomPattern.normalized(text)
        var readings: [String] = []
        if form.contains("sslv3 alert") || form.contains("tlsv1 alert") || form.contains("tlsv13 alert") {
            readings.append(
                "“sslv3”, “tlsv1” and “tlsv13” tell when the alert was defined, not which version was negotiated."
            )
        }
        if form.contains("bad certificate") {
            readings.append(
                "“bad certificate” doesn't say that a file is damaged; some servers send it for none at all."
            )
        }
        return readings
    }

    private static func evidence(for layer: FailureMode.Layer) -> [String] {
        switch layer {
        case .file:
            ["countersign doctor CERT KEY CA: what is wrong with the files before any connection"]
        case .handshake, .afterHandshake:
            [
                "the other side's log: the side that refuses knows the reason, an alert is a hint",
                "countersign probe HOST:PORT: which certificates the server asks for, and its CA names",
                "countersign doctor CERT KEY CA: issuer, validity, purposes and key of what was to be sent",
            ]
        case .http, .application:
            [
                "the server's error log at level info: the reason stands there alone",
                "countersign probe HOST:PORT: whether TLS or HTTP refuses",
            ]
        case .tcp:
            [
                "the server's log: the alert was lost on the way",
                "countersign probe HOST:PORT: a client that reads before it writes, and sees the alert",
            ]
        }
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

extension String {
    fileprivate var trimmingWhitespace: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
