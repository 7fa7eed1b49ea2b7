extension Rule {
    /// A sentence and its citation.
    struct Text {
        let sentence: String
        let citation: String

        init(_ sentence: String, _ citation: String) {
            self.sentence = sentence
            self.citation = citation
        }
    }

    /// The rule as reports show it.
    package var description: RuleDescription {
        guard let text = Self.handshakeText[self] ?? Self.pathsText[self] ?? Self.timelineText[self] else {
            preconditionFailure("the rule \(rawValue) has no sentence")
        }
        return RuleDescription(id: rawValue, sentence: text.sentence, citation: text.citation)
    }
}
