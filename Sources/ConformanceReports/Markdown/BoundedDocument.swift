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
