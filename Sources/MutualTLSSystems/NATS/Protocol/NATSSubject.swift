/// A subject with wildcards: `*` stands for one token, and `>` at the end for one or more.
struct NATSSubject: Sendable, Hashable {
    private let tokens: [Substring]

    /// Nil for a subject with an empty token, white space, or a `>` that isn't last.
    init?(_ text: String) {
        tokens = text.split(separator: ".", omittingEmptySubsequences: false)
        guard !tokens.isEmpty, tokens.allSatisfy({ !$0.isEmpty }), !tokens.dropLast().contains(">") else { return nil }
        guard !text.contains(where: \.isWhitespace) else { return nil }
    }

    /// Whether messages may be published to it.
    var isLiteral: Bool { !tokens.contains("*") && !tokens.contains(">") }

    /// Whether a message to the literal subject is for whoever subscribed to this one.
    func matches(_ literal: NATSSubject) -> Bool {
        for (index, token) in tokens.enumerated() {
            guard index < literal.tokens.count else { return false }
            if token == ">" { return true }
            guard token == "*" || token == literal.tokens[index] else { return false }
        }
        return tokens.count == literal.tokens.count
    }
}
