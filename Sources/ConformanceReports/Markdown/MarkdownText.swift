internal import ConformanceModel

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
