internal import ConformanceModel

/// A text to look for in a line of a log, however its stack spells it.
///
/// Letters' case, runs of white space, and underscores, which stacks put between the same words, make no difference.
package struct SymptomPattern: Hashable, Sendable {
    /// The parts between stars, which must follow one another in one line.
    private let parts: [String]
    /// The characters that the pattern fixes: the more, the more it says.
    package let weight: Int

    /// Below this weight a pattern fits everything.
    static let least = 5

    package init(_ text: String) {
        parts = text.split(separator: "*").map { Self.normalized(String($0)) }.filter { !$0.isEmpty }
        weight = parts.reduce(0) { $0 + $1.count }
    }

    /// Whether a line that was ``normalized(_:)`` holds the pattern.
    package func matches(normalized line: String) -> Bool {
        var rest = line[...]
        for part in parts {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return !parts.isEmpty
    }

    /// A line as patterns see it.
    package static func normalized(_ line: String) -> String {
        var text = ""
        for character in line.lowercased() {
            let isGap = character.isWhitespace || character == "_"
            guard isGap else {
                text.append(character)
                continue
            }
            if text.last != " ", !text.isEmpty { text.append(" ") }
        }
        return text.last == " " ? String(text.dropLast()) : text
    }
}
