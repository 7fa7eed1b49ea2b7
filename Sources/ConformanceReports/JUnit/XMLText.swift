/// Text as XML 1.0 can carry it.
enum XMLText {
    /// The text with U+FFFD in the place of each character that XML 1.0 forbids even as a reference.
    ///
    /// Escaping is libxml2's task; it writes these characters as they are, and no parser would read the file again.
    /// XML 1.0 section 2.2: #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].
    static func permitted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !isPermitted($0) }) else { return text }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.lazy.map { isPermitted($0) ? $0 : "\u{FFFD}" })
        return String(result)
    }

    private static func isPermitted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
