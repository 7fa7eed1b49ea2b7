/// Reads the syntax of NATS configuration files.
///
/// `key: value`, `key = value` and `key value`; blocks in braces, arrays in brackets; values on one line end with it, or
/// with a comma or semicolon; comments begin with `#` or `//`. Strings are bare, in single quotes (verbatim) or in
/// double quotes (with escapes). At the top level a value never begins on the line after its key; in a block it may.
/// Variables and `include` are refused by name, since they would need an environment and other files.
struct NATSConfigurationParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var line = 1
    private var depth = 0

    private static let deepest = 32

    /// The entries of a whole configuration.
    static func parse(_ text: String) throws(MutualTLSSystemsError) -> [NATSConfigurationEntry] {
        var parser = NATSConfigurationParser(scalars: Array(text.unicodeScalars))
        return try parser.entries(until: nil)
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func advance() {
        if next == "\n" { line += 1 }
        position += 1
    }

    /// Entries up to the end of the text, or up to the brace that closes their block.
    private mutating func entries(until end: Unicode.Scalar?) throws(MutualTLSSystemsError) -> [NATSConfigurationEntry]
    {
        let start = line
        var entries: [NATSConfigurationEntry] = []
        while true {
            skip { $0 == "," || $0 == ";" || $0.properties.isWhitespace }
            guard let scalar = next else {
                guard end == nil else { throw unclosed("block", start, "}") }
                return entries
            }
            if scalar == end {
                advance()
                return entries
            }
            entries.append(try entry())
            try endOfValue(end)
        }
    }

    private mutating func entry() throws(MutualTLSSystemsError) -> NATSConfigurationEntry {
        let start = line
        let key = try key()
        let isInBlock = depth > 0
        let isSkipped = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace && (isInBlock || scalar != "\n") }
        skip(isSkipped)
        if next == ":" || next == "=" {
            advance()
            skip(isSkipped)
        }
        guard let scalar = next, scalar != "\n" else {
            throw error(
                "Expected the value of \(key) on the same line, found the end of the line. A block opens with {."
            )
        }
        if key.lowercased() == "include" {
            throw error("Expected settings, found an include of another file. Write its settings here.")
        }
        return NATSConfigurationEntry(key: key, value: try value(), line: start)
    }

    private mutating func key() throws(MutualTLSSystemsError) -> String {
        if let quote = next, quote == "\"" || quote == "'" { return try quoted(quote) }
        let text = bare { $0 == ":" || $0 == "=" || $0 == "{" || $0.properties.isWhitespace }
        guard !text.isEmpty else { throw error("Expected a key, found '\(next.map(String.init) ?? "the end")'.") }
        return text
    }

    private mutating func value() throws(MutualTLSSystemsError) -> NATSConfigurationValue {
        let start = line
        switch next {
        case "{":
            return NATSConfigurationValue(
                content: .map(
                    try nested { (parser) throws(MutualTLSSystemsError) in
                        try parser.entries(until: "}")
                    }
                ),
                line: start
            )
        case "[":
            return NATSConfigurationValue(
                content: .array(
                    try nested { (parser) throws(MutualTLSSystemsError) in
                        try parser.elements()
                    }
                ),
                line: start
            )
        case "\"", "'":
            return NATSConfigurationValue(content: .string(try quoted(next ?? "\"")), line: start)
        case "(":
            throw error("Expected a value, found a block string in parentheses. Write a quoted string.")
        default:
            return NATSConfigurationValue(content: try bareValue(), line: start)
        }
    }

    private mutating func nested<Result>(
        _ body: (inout NATSConfigurationParser) throws(MutualTLSSystemsError) -> Result
    ) throws(MutualTLSSystemsError) -> Result {
        advance()
        depth += 1
        guard depth <= Self.deepest else { throw error("Expected at most \(Self.deepest) blocks in each other.") }
        let result = try body(&self)
        depth -= 1
        return result
    }

    private mutating func elements() throws(MutualTLSSystemsError) -> [NATSConfigurationValue] {
        let start = line
        var elements: [NATSConfigurationValue] = []
        while true {
            skip { $0 == "," || $0.properties.isWhitespace }
            guard let scalar = next else { throw unclosed("array", start, "]") }
            if scalar == "]" {
                advance()
                return elements
            }
            elements.append(try value())
            try endOfValue("]")
        }
    }

    private mutating func bareValue() throws(MutualTLSSystemsError) -> NATSConfigurationValue.Content {
        let text = bare { $0.properties.isWhitespace || [",", ";", "]", "}"].contains($0) }
        guard !text.isEmpty else { throw error("Expected a value, found '\(next.map(String.init) ?? "the end")'.") }
        if text.hasPrefix("$") {
            throw error("Expected a value, found the variable \(text). Write its value here.")
        }
        switch text.lowercased() {
        case "true", "yes", "on": return .boolean(true)
        case "false", "no", "off": return .boolean(false)
        default: break
        }
        if let number = Int64(text) { return .integer(number) }
        if text.first.map({ $0.isNumber || $0 == "-" }) == true, let number = Double(text), number.isFinite {
            return .float(number)
        }
        return .string(text)
    }

    private mutating func quoted(_ quote: Unicode.Scalar) throws(MutualTLSSystemsError) -> String {
        let start = line
        advance()
        var text = String.UnicodeScalarView()
        while let scalar = next, scalar != quote {
            advance()
            guard scalar == "\\", quote == "\"" else {
                text.append(scalar)
                continue
            }
            text.append(try escaped())
        }
        guard next == quote else { throw unclosed("string", start, String(quote)) }
        advance()
        return String(text)
    }

    private mutating func escaped() throws(MutualTLSSystemsError) -> Unicode.Scalar {
        let scalar = next
        if scalar != nil { advance() }
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "\"", "\\": return scalar ?? "\\"
        case "x":
            let digits = String(String.UnicodeScalarView(scalars[position...].prefix(2)))
            guard digits.unicodeScalars.count == 2, let value = UInt8(digits, radix: 16) else { break }
            advance()
            advance()
            return Unicode.Scalar(value)
        default: break
        }
        throw error("Expected one of the escapes \\t \\n \\r \\\" \\\\ \\xNN, found another one. Use single quotes.")
    }

    /// The bytes that may follow a value: the end of its line, a separator, a comment, or the end of what it stands in.
    private mutating func endOfValue(_ end: Unicode.Scalar?) throws(MutualTLSSystemsError) {
        skip(Self.isBlank)
        guard let scalar = next, scalar != end, ![",", ";", "\n"].contains(scalar) else { return }
        throw error("Expected the end of the line or a comma after a value, found '\(scalar)'.")
    }

    private mutating func bare(until isEnd: (Unicode.Scalar) -> Bool) -> String {
        let start = position
        while let scalar = next, !isEnd(scalar) { advance() }
        return String(String.UnicodeScalarView(scalars[start..<position]))
    }

    /// Passes over scalars, and over comments up to the end of their line.
    private mutating func skip(_ isSkipped: (Unicode.Scalar) -> Bool) {
        while let scalar = next {
            if scalar == "#" || (scalar == "/" && position + 1 < scalars.count && scalars[position + 1] == "/") {
                while let scalar = next, scalar != "\n" { advance() }
            } else if isSkipped(scalar) {
                advance()
            } else {
                return
            }
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "\n" && scalar.properties.isWhitespace
    }

    private func error(_ message: String) -> MutualTLSSystemsError {
        MutualTLSSystemsError(.syntax, line: line, message)
    }

    private func unclosed(_ what: String, _ start: Int, _ end: String) -> MutualTLSSystemsError {
        MutualTLSSystemsError(.syntax, line: start, "The \(what) that begins here has no closing \(end).")
    }
}
