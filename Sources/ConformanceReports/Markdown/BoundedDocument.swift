internal import ConformanceModel

/// A text that never grows past its limit, and says what it left out.
///
/// GitHub drops a step summary above 1 MiB as a whole, so a report that is too long would say nothing at all.
struct BoundedDocument {
    /// Room for the notes that say what was left out.
    private static let reserve = 8 * 1024

    private let limit: Int
    private(set) var text = ""
    private var size = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Adds what the report can't do without; callers keep it short.
    mutating func add(_ part: String) {
        text += part
        size += part.utf8.count
    }

    /// Adds a section of as many parts as there is room for; the first that does not fit ends the section.
    ///
    /// - Parameters:
    ///   - parts: Made one at a time, since those after the end are never needed.
    ///   - noun: What one part is, for the note.
    mutating func add(_ parts: some Collection<() -> String>, noun: String) {
        var added = 0
        for part in parts {
            let rendered = part()
            guard size + rendered.utf8.count <= limit - Self.reserve else { break }
            add(rendered)
            added += 1
        }
        let left = parts.count - added
        if left > 0 {
            add(
                "\n**Left out here: \(Count.of(left, noun)),** to keep this file below \(limit / 1024) KiB; "
                    + "the JSON results hold all.\n"
            )
        }
    }
}

/// Text of unknown origin, escaped for Markdown as GitHub renders it.
enum MarkdownText {
    /// One table cell or one line: no pipe, line break, markup or HTML of the text takes effect.
    static func cell(_ text: String, limit: Int = 600) -> String {
        var escaped = ""
        for character in PlainText.line(PlainText.shortened(text, limit: limit), limit: limit + 40) {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            // A pipe ends a cell even inside a code span, unless it is a reference.
            case "|": escaped += "&#124;"
            case "\\", "`", "*", "_", "[", "]", "~": escaped += "\\\(character)"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// A code span in running text or a cell.
    ///
    /// HTML is used, since a backtick span can hold neither its own delimiter at its end nor a pipe inside a table.
    static func code(_ text: String, limit: Int = 600) -> String {
        "<code>\(cell(text, limit: limit))</code>"
    }

    /// A fenced block that no line of the text can close.
    static func block(_ text: String, language: String = "text") -> String {
        let text = SingleLine.each(text)
        var longest = 0
        var current = 0
        for character in text {
            current = character == "`" ? current + 1 : 0
            longest = max(longest, current)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(text)\n\(fence)\n"
    }

    /// A row of a table, from cells that are escaped already.
    static func row(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |\n"
    }

    /// The two lines that start a table.
    static func header(_ titles: [String]) -> String {
        row(titles) + row(titles.map { _ in "---" })
    }
}
