/// Text of somebody else, a peer or a file name, made safe for one line of a message, a log or a terminal.
///
/// Controls, the characters that turn the direction of writing or have no shape of their own, line and paragraph
/// separators, and code points without a meaning are written as `\u{…}`; the text ends with … where it was cut.
package struct EscapedText: CustomStringConvertible, Sendable, Hashable {
    /// The safe text.
    package let description: String

    /// How many characters of one name are shown: more than any host name or common name needs in practice.
    package static let nameLength = 120

    /// Shows at most `limit` characters of the text. The rest isn't looked at.
    package init(_ text: String, limit: Int = nameLength) {
        var shown = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else {
                shown += "…"
                break
            }
            shown += EscapedText.escapes(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
            count += 1
        }
        description = shown
    }

    /// Shows the first of several texts, and how many more there are.
    package static func list(_ texts: [String], limit: Int = 4) -> String {
        let rest = texts.count - limit
        return texts.prefix(limit).map { EscapedText($0).description }.joined(separator: ", ")
            + (rest > 0 ? " and \(rest) more" : "")
    }

    private static func escapes(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation,
            .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator:
            false
        @unknown default: true
        }
    }
}
