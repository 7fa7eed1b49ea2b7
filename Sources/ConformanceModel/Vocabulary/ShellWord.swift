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

/// Text of a peer, made safe for one line on a terminal.
package enum SingleLine {
    /// The text with control characters escaped: a common name may hold line ends and escape sequences.
    package static func of(_ text: String) -> String {
        text.unicodeScalars
            .map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? $0.escaped(asASCII: true) : String($0) }
            .joined()
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
