internal import ConformanceModel

/// Text of unknown origin, made safe for one line.
package enum PlainText {
    /// One line of at most `limit` characters: a stack's message must not move the cursor or hide what follows.
    package static func line(_ text: String, limit: Int) -> String {
        SingleLine.of(text, limit: limit)
    }

    /// The text itself, or its first `limit` characters and how many were left out.
    static func shortened(_ text: String, limit: Int) -> String {
        guard let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex), end < text.endIndex
        else {
            return text
        }
        let rest = text.distance(from: end, to: text.endIndex)
        return text[..<end] + "… (\(Count.of(rest, "character")) left out)"
    }
}
