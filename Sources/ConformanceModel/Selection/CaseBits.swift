/// A set of cases by number, one bit each: whether any case has a combination of values is then a few machine words.
struct CaseBits: Hashable, Sendable {
    private var words: [UInt64]

    /// All of `count` numbers.
    init(all count: Int) {
        self.init(none: count)
        for number in 0..<count { insert(number) }
    }

    /// None of `count` numbers.
    init(none count: Int) {
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    mutating func insert(_ number: Int) {
        words[number / 64] |= 1 << UInt64(number % 64)
    }

    mutating func formIntersection(_ other: CaseBits) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    func intersects(_ other: CaseBits) -> Bool {
        zip(words, other.words).contains { $0 & $1 != 0 }
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// The numbers, ascending.
    var members: [Int] {
        words.indices.flatMap { index in
            (0..<64).filter { words[index] >> UInt64($0) & 1 == 1 }.map { index * 64 + $0 }
        }
    }
}
