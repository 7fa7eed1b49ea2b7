internal import ArgumentParser

/// One of N parts of a run, `I/N`, counted from 1.
///
/// A case belongs to a part by its id alone, so a case that is added moves no other.
struct Shard: Hashable, Sendable, ExpressibleByArgument {
    let index: Int
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), count >= 1, (1...count) ~= index
        else { return nil }
        self.index = index
        self.count = count
    }

    func contains(_ id: String) -> Bool {
        Self.hash(id) % UInt64(count) == UInt64(index - 1)
    }

    /// FNV-1a of 64 bits: Swift's own hash differs from process to process.
    static func hash(_ id: String) -> UInt64 {
        id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
