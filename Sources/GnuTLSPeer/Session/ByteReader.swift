/// Reads TLS's length-prefixed vectors (RFC 8446 section 3.4) from bytes that may be anything.
struct ByteReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    var isEmpty: Bool { bytes.isEmpty }
    var rest: [UInt8] { Array(bytes) }

    /// The next bytes, or nil if there are fewer.
    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    /// A big-endian number of this many bytes.
    mutating func number(_ width: Int) -> Int? {
        take(width)?.reduce(0) { $0 << 8 | Int($1) }
    }

    /// A vector whose length is a number of this many bytes.
    mutating func vector(_ width: Int) -> ByteReader? {
        guard let count = number(width), let content = take(count) else { return nil }
        return ByteReader(content)
    }
}
