/// A pattern for case ids.
///
/// `*` stands for any text, slashes included, and `?` for one character. A pattern also matches every id that goes
/// on after it with a slash: `client-auth/credentials` is all of that scenario, and `client-auth` all of that folder.
package struct IDGlob: Hashable, Sendable, CustomStringConvertible {
    package let pattern: String
    private let bytes: [UInt8]
    /// The bytes before the first wildcard, which settle most ids without a search.
    private let literal: Int

    package init(_ pattern: String) {
        self.pattern = pattern
        var bytes = Array(pattern.utf8)
        while bytes.last == UInt8(ascii: "/") {
            bytes.removeLast()
        }
        self.bytes = bytes
        literal = bytes.firstIndex { $0 == Self.star || $0 == Self.mark } ?? bytes.count
    }

    package var description: String { pattern }

    package func matches(_ id: String) -> Bool {
        var id = id
        return id.withUTF8 { matches($0) }
    }

    /// Whether an id that begins with these bytes and a slash could match: false settles thousands of ids at once.
    package func couldMatch(below folder: String) -> Bool {
        zip(bytes[..<literal], folder.utf8 + [UInt8(ascii: "/")]).allSatisfy(==)
    }

    private func matches(_ id: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !bytes.isEmpty, id.count >= literal else { return false }
        for position in 0..<literal where bytes[position] != id[position] {
            return false
        }
        // The classic search with one point to fall back to: after a mismatch the last star takes one byte more.
        var patternPosition = literal
        var position = literal
        var star: (pattern: Int, position: Int)?
        while true {
            let isPatternDone = patternPosition == bytes.count
            if isPatternDone, position == id.count || id[position] == UInt8(ascii: "/") {
                return true
            }
            if !isPatternDone, bytes[patternPosition] == Self.star {
                star = (patternPosition + 1, position)
                patternPosition += 1
                continue
            }
            if !isPatternDone, position < id.count,
                bytes[patternPosition] == Self.mark || bytes[patternPosition] == id[position]
            {
                patternPosition += 1
                position += 1
                continue
            }
            guard let last = star, last.position < id.count else { return false }
            star = (last.pattern, last.position + 1)
            patternPosition = last.pattern
            position = last.position + 1
        }
    }

    private static let star = UInt8(ascii: "*")
    private static let mark = UInt8(ascii: "?")
}
