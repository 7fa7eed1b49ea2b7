/// Puts numbers and byte strings one after the other, so that two sequences of values never have the same bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Eight bytes, the most significant first.
    mutating func write(_ number: Int64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// The length in eight bytes, then the bytes.
    mutating func write(_ content: [UInt8]) {
        write(Int64(content.count))
        bytes.append(contentsOf: content)
    }

    /// Whether there are any, then the bytes.
    mutating func write(optional content: [UInt8]?) {
        write(content == nil ? UInt8(0) : 1)
        if let content { write(content) }
    }

    /// The number of strings, then each.
    mutating func write(_ contents: [[UInt8]]) {
        write(Int64(contents.count))
        for content in contents {
            write(content)
        }
    }
}

/// Takes apart what ``ByteWriter`` has put together; nil for bytes that are something else.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() -> UInt8? {
        rest.popFirst()
    }

    mutating func number() -> Int64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return rest.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    mutating func content() -> [UInt8]? {
        guard let length = number(), length >= 0, length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return Array(rest.prefix(Int(length)))
    }

    mutating func contents() -> [[UInt8]]? {
        guard let count = number(), count >= 0, count <= rest.count else { return nil }
        var contents: [[UInt8]] = []
        for _ in 0..<count {
            guard let content = content() else { return nil }
            contents.append(content)
        }
        return contents
    }
}
