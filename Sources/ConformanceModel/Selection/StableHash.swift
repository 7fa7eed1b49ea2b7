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
