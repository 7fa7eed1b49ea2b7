/// Text of a peer, made safe for one line on a terminal.
package enum SingleLine {
    /// The text with control characters escaped: a common name may hold line ends and escape sequences.
    package static func of(_ text: String) -> String {
        text.unicodeScalars
            .map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? $0.escaped(asASCII: true) : String($0) }
            .joined()
    }
}
