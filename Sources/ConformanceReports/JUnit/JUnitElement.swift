internal import ConformanceModel

/// An element of an XML document, as a value that writes itself.
///
/// Foundation's own writer brings libxml2 into the program for the sake of this one report; what JUnit needs of XML is
/// elements, attributes and text.
struct JUnitElement {
    let name: String
    /// In the order in which they are written.
    private let attributes: [(name: String, value: String)]
    /// Nil where the element has children, or nothing.
    private let text: String?
    private var children: [JUnitElement] = []

    init(_ name: String, _ attributes: [(String, String)] = [], text: String? = nil) {
        self.name = name
        self.attributes = attributes.map { (name: $0.0, value: $0.1) }
        self.text = text
    }

    mutating func addChild(_ child: JUnitElement) {
        children.append(child)
    }

    /// A whole document with this element as its root, each child on a line of its own.
    var document: String {
        var output = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        write(into: &output, indent: "")
        return output
    }

    private func write(into output: inout String, indent: String) {
        output += "\(indent)<\(name)"
        for attribute in attributes {
            output += " \(attribute.name)=\"\(Self.escaped(attribute.value, in: .attribute))\""
        }
        if children.isEmpty, text == nil {
            output += "/>\n"
            return
        }
        output += ">"
        if let text {
            // Nothing is added around text, since a reader takes every blank for a part of it.
            output += Self.escaped(text, in: .text)
        } else {
            output += "\n"
            for child in children { child.write(into: &output, indent: indent + "  ") }
            output += indent
        }
        output += "</\(name)>\n"
    }

    private enum Place {
        case attribute
        case text
    }

    /// The text as XML 1.0 writes it.
    ///
    /// Readers turn line ends in attributes into blanks, and a bare carriage return into a line feed, unless they are
    /// written as references (XML 1.0 sections 2.11 and 3.3.3).
    private static func escaped(_ text: String, in place: Place) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in permitted(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"" where place == .attribute: result += "&quot;"
            case "\n" where place == .attribute: result += "&#10;"
            case "\t" where place == .attribute: result += "&#9;"
            case "\r": result += "&#13;"
            // XML permits DEL, the controls of C1 and characters that turn the direction of writing; a reader's terminal
            // or page obeys them.
            case let scalar where scalar.value >= 0x7F: result += SingleLine.each(String(scalar))
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text with U+FFFD in the place of each character that XML 1.0 forbids even as a reference.
    static func permitted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !isPermitted($0) }) else { return text }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.lazy.map { isPermitted($0) ? $0 : "\u{FFFD}" })
        return String(result)
    }

    /// XML 1.0 section 2.2: #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].
    private static func isPermitted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
