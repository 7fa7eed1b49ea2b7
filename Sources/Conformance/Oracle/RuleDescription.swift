/// A rule of the oracle as reports and documentation cite it.
package struct RuleDescription: Hashable, Codable, Sendable {
    /// The name in results and reports, for example `client-auth.expired`.
    package var id: String
    /// What the rule decides, in one sentence.
    package var sentence: String
    /// Where that is written: an RFC section, Go's documentation, a CVE.
    package var citation: String

    package init(id: String, sentence: String, citation: String) {
        self.id = id
        self.sentence = sentence
        self.citation = citation
    }
}
