/// Text of somebody else, a peer, a program or a file, made safe for a terminal, a log or a page.
///
/// Controls, the characters that turn the direction of writing or have no shape of their own, separators of lines, and
/// code points without a meaning are written as `\u{…}`.
package enum SingleLine {
    /// One line of at most `limit` characters; the rest isn't looked at.
    package static func of(_ text: String, limit: Int = 2_000) -> String {
        var line = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else { return line + "…" }
            line += isUnsafe(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
            count += 1
        }
        return line
    }

    /// The text in its own lines, each of them safe.
    package static func each(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 != "\n" && isUnsafe($0) }) else { return text }
        var lines = ""
        for scalar in text.unicodeScalars {
            lines += scalar != "\n" && isUnsafe(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return lines
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
        default: return false
        }
    }
}
