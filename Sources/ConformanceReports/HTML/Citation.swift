/// A rule's citation cut into pieces, those that name something public with where it is.
struct Citation {
    /// A piece of the citation.
    struct Piece: Hashable {
        var text: String
        /// Nil for words.
        var address: String?
    }

    let pieces: [Piece]

    /// Reads citations such as `RFC 8446 section 4.4.2.4; RFC 5246 7.4.6` and `CVE-2025-23419`.
    init(_ text: String) {
        var pieces: [Piece] = []
        for (position, part) in text.split(separator: ";", omittingEmptySubsequences: false).enumerated() {
            if position > 0 { pieces.append(Piece(text: "; ", address: nil)) }
            pieces += Self.pieces(of: part.drop { $0 == " " })
        }
        self.pieces = pieces
    }

    private static func pieces(of part: Substring) -> [Piece] {
        if let match = part.prefixMatch(of: /RFC (\d+)(?:,? (?:section )?(\d+(?:\.\d+)*))?/) {
            var address = "https://www.rfc-editor.org/rfc/rfc\(match.1)"
            if let section = match.2 { address += "#section-\(section)" }
            let rest = part[match.range.upperBound...]
            return [Piece(text: String(match.0), address: address)]
                + (rest.isEmpty ? [] : [Piece(text: String(rest), address: nil)])
        }
        if let match = part.prefixMatch(of: /CVE-\d{4}-\d{4,}/) {
            let rest = part[match.range.upperBound...]
            return [
                Piece(text: String(match.0), address: "https://www.cve.org/CVERecord?id=\(match.0)"),
                Piece(text: String(rest), address: nil),
            ]
            .filter { !$0.text.isEmpty }
        }
        return part.isEmpty ? [] : [Piece(text: String(part), address: nil)]
    }
}
