/// One of N parts of a run, counted from 1 and written `I/N`.
///
/// A case belongs to a part by its id alone, so a case that is added moves no other.
package struct ShardPosition: Hashable, Codable, Sendable, CustomStringConvertible {
    package let index: Int
    package let count: Int

    /// Nil unless `1 <= index <= count`.
    package init?(index: Int, count: Int) {
        guard count >= 1, (1...count) ~= index else { return nil }
        self.index = index
        self.count = count
    }

    /// Reads `I/N`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else { return nil }
        self.init(index: index, count: count)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let position = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "“\(text)” is not a shard I/N with 1 <= I <= N"
            )
        }
        self = position
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package var description: String { "\(index)/\(count)" }

    package func contains(_ id: String) -> Bool {
        Self.index(of: id, count: count) == index
    }

    /// The part, counted from 1, that a case belongs to.
    package static func index(of id: String, count: Int) -> Int {
        Int(StableHash(id).value % UInt64(count)) + 1
    }
}

/// FNV-1a of 64 bits, the same in every process, on every machine and in every release.
///
/// It guards against mistakes, such as results of two catalogues in one report, and not against intent. Swift's own hash
/// differs from process to process.
package struct StableHash: Hashable, Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package init(_ text: String) {
        add(text)
    }

    package mutating func add(_ text: String) {
        for byte in text.utf8 {
            value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }

    /// Adds a text and its end, so that `ab`, `c` differs from `a`, `bc`.
    package mutating func add(line text: String) {
        add(text)
        add("\n")
    }

    /// 16 hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
