/// Keeps what could be a private key out of messages about text of a file or a setting.
package enum HiddenKeys {
    /// The text, in which each run of letters that could be a part of a key gives way to its length.
    ///
    /// A private key that was pasted into a file of settings, or a key file that was named in place of one, must not
    /// stand in the message about it. Words and identifiers change their kind of letter seldom, base64 all the time.
    package static func of(_ text: String) -> String {
        var result = ""
        var run = ""
        for scalar in text.unicodeScalars {
            if isPartOfKey(scalar) {
                run.unicodeScalars.append(scalar)
            } else {
                result += shown(run)
                run = ""
                result.unicodeScalars.append(scalar)
            }
        }
        return result + shown(run)
    }

    private static func shown(_ run: String) -> String {
        let bytes = Array(run.utf8)
        return looksLikeKey(bytes) ? "(\(bytes.count) characters that are not shown)" : run
    }

    private static func looksLikeKey(_ run: [UInt8]) -> Bool {
        guard run.count >= 12 else { return false }
        let kinds = run.map(kind)
        // The capital of a word is no change.
        let changes = zip(kinds, kinds.dropFirst()).count { $0 != $1 && ($0, $1) != (.upper, .lower) }
        if changes * 4 >= run.count { return true }
        guard kinds.contains(.digit) else { return false }
        if run.allSatisfy({ isHexadecimalDigit($0) || $0 == 0x3A }) { return run.count >= 24 }
        return kinds.count { $0 == .upper } > 1 && kinds.count { $0 == .lower } > 1
    }

    private enum Kind { case upper, lower, digit, sign }

    private static func kind(_ byte: UInt8) -> Kind {
        switch byte {
        case 0x41...0x5A: .upper
        case 0x61...0x7A: .lower
        case 0x30...0x39: .digit
        default: .sign
        }
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    /// Letters and signs of base64, the colon between pairs of hexadecimal digits, and the NUL between them in UTF-16.
    private static func isPartOfKey(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "+", "/", "=", ":", "\0": true
        default: false
        }
    }
}

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
