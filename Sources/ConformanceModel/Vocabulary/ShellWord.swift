/// A word that every POSIX shell reads back as it was.
package enum ShellWord {
    /// The word itself where no shell reads anything into it, and quoted otherwise.
    package static func of(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x3A, 0x3D, 0x2C: true
            default: false
            }
        }
        guard !isPlain || word.isEmpty else { return word }
        return quoted(word)
    }

    /// The word in single quotes, whatever it holds.
    package static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}

/// Text of somebody else, a peer, a program or a file, made safe for a terminal, a log or a page.
///
/// Controls, the characters that turn the direction of writing or have no shape of their own, separators of lines, and
/// code points without a meaning are written as `\u{…}`.
package enum SingleLine {
    /// One line of at most 2,000 characters.
    package static func of(_ text: String) -> String { of(text, limit: 2_000) }

    /// One line of at most `limit` characters; the rest isn't looked at.
    package static func of(_ text: String, limit: Int) -> String {
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

    /// A text in JSON whose strings have escapes of JSON in the place of what isn't safe: DEL, C1 controls, and
    /// characters that turn the direction of writing, which encoders leave as they are.
    package static func json(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 != "\n" && isUnsafe($0) }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            guard scalar != "\n", isUnsafe(scalar) else {
                escaped.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
        default: return false
        }
    }
}

/// An HTTP answer that speaks of the client's certificate.
package enum HTTPRefusal {
    /// The status line with the reason, if the answer refuses the client's certificate.
    package static func status(in bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("HTTP/1."), let line = text.split(whereSeparator: \.isNewline).first else { return nil }
        if let code = line.split(separator: " ").dropFirst().first, ["495", "496"].contains(code) {
            return String(line)
        }
        let sentences = ["No required SSL certificate was sent", "The SSL certificate error"]
        return sentences.first { text.contains($0) }.map { "\(line) (\($0))" }
    }

    /// Whether an answer has begun that may still turn out to be a refusal: a 400 whose page isn't there yet.
    package static func isUndecided(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasPrefix("HTTP/1.") && text.dropFirst(9).hasPrefix("4") && !text.contains("</html>")
    }
}
