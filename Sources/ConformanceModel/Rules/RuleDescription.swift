/// A rule of the oracle as reports show it.
package struct RuleDescription: Hashable, Codable, Sendable {
    /// For example `path/expired`.
    package var id: String
    package var sentence: String
    /// RFC section, documentation or CVE.
    package var citation: String

    package init(id: String, sentence: String, citation: String) {
        self.id = id
        self.sentence = sentence
        self.citation = citation
    }
}
