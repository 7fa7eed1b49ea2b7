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
