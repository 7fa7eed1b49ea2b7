/// Few of many points, in which every combination of the values of any t axes stands that stands in one of the points.
///
/// The algorithm is IPOG (Lei, Kacker, Kuhn, Okun, Lawrence: IPOG: A General Strategy for T-Way Software Testing, 2007):
/// an array over the first t axes grows by one axis at a time, to the right by the value that covers most, then downwards
/// by what is still uncovered. Constraints need no solver, because the points that exist are listed: a row may hold any
/// values that one of them has.
package struct CoveringArray {
    /// A value for each axis, or nil where any will do.
    private struct Row {
        var values: [Int?]
        /// The points that have the values.
        var points: CaseBits
    }

    /// Values of some axes: the axes ascending, by their place in the order of growth.
    private struct Combination: Hashable {
        var axes: [Int]
        var values: [Int]
    }

    private let points: [[Int]]
    /// Axis, by its place, and value to the points that have it.
    private let having: [[CaseBits]]
    private let strength: Int
    private var generator: SeededChoice
    private var rows: [Row] = []

    /// The positions of the chosen points, ascending.
    package private(set) var chosen: [Int] = []
    /// How many combinations of t axes the points have; each is in a chosen one.
    package private(set) var combinations = 0

    /// - Parameters:
    ///   - points: the points that exist, each with the number of its value on every axis.
    ///   - strength: how many axes are covered in combination; the number of axes, where there are fewer.
    ///   - seed: what decides between rows that cover as much.
    package init(_ points: [[Int]], strength: Int, seed: UInt64) {
        let count = points.first?.count ?? 0
        // Axes with most values first keep the array small.
        let sizes = (0..<count).map { axis in (points.map { $0[axis] }.max() ?? 0) + 1 }
        let order = (0..<count).sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }
        self.points = points.map { point in order.map { point[$0] } }
        self.strength = max(1, min(strength, count))
        generator = SeededChoice(seed: seed)
        var having = order.map { axis in Array(repeating: CaseBits(none: points.count), count: sizes[axis]) }
        for (number, point) in self.points.enumerated() {
            for (axis, value) in point.enumerated() { having[axis][value].insert(number) }
        }
        self.having = having
        guard count > 0 else { return }
        grow()
        choose()
    }

    private mutating func grow() {
        let first = Set(points.map { Array($0[..<strength]) })
        combinations = first.count
        rows = first.sorted { $0.lexicographicallyPrecedes($1) }.map { values in
            row(values.map(Optional.some) + Array(repeating: nil, count: having.count - strength))
        }
        for axis in strength..<max(strength, having.count) {
            var uncovered = combinations(endingAt: axis)
            combinations += uncovered.count
            growRight(axis, &uncovered)
            growDown(uncovered)
        }
    }

    /// The combinations of `strength` axes of which the last is `axis`.
    private func combinations(endingAt axis: Int) -> Set<Combination> {
        var found: Set<Combination> = []
        for others in Self.subsets(of: axis, count: strength - 1) {
            let axes = others + [axis]
            for point in points { found.insert(Combination(axes: axes, values: axes.map { point[$0] })) }
        }
        return found
    }

    /// Gives each row the value of the new axis that covers most.
    private mutating func growRight(_ axis: Int, _ uncovered: inout Set<Combination>) {
        let subsets = Self.subsets(of: axis, count: strength - 1)
        for index in rows.indices {
            let row = rows[index]
            let settled = subsets.filter { $0.allSatisfy { row.values[$0] != nil } }
            var best: (covered: [Combination], values: [Int]) = ([], [])
            for value in having[axis].indices where having[axis][value].intersects(row.points) {
                let covered = settled.map { axes in
                    Combination(axes: axes + [axis], values: axes.compactMap { row.values[$0] } + [value])
                }
                .filter(uncovered.contains)
                if best.values.isEmpty || covered.count > best.covered.count {
                    best = (covered, [value])
                } else if covered.count == best.covered.count {
                    best.values.append(value)
                }
            }
            // With nothing to gain any value will do later.
            guard !best.covered.isEmpty else { continue }
            let value = generator.element(of: best.values)
            rows[index].values[axis] = value
            rows[index].points.formIntersection(having[axis][value])
            for axes in settled {
                uncovered.remove(
                    Combination(axes: axes + [axis], values: axes.compactMap { row.values[$0] } + [value])
                )
            }
        }
    }

    /// Puts each combination that is left into a row that has room for it, or into a new one.
    private mutating func growDown(_ uncovered: Set<Combination>) {
        let rest = uncovered.sorted { ($0.axes + $0.values).lexicographicallyPrecedes($1.axes + $1.values) }
        for combination in rest {
            var points = CaseBits(all: points.count)
            for (axis, value) in zip(combination.axes, combination.values) {
                points.formIntersection(having[axis][value])
            }
            let place = rows.firstIndex { row in
                zip(combination.axes, combination.values).allSatisfy { row.values[$0] == nil || row.values[$0] == $1 }
                    && row.points.intersects(points)
            }
            guard let place else {
                var values: [Int?] = Array(repeating: nil, count: having.count)
                for (axis, value) in zip(combination.axes, combination.values) { values[axis] = value }
                rows.append(Row(values: values, points: points))
                continue
            }
            for (axis, value) in zip(combination.axes, combination.values) { rows[place].values[axis] = value }
            rows[place].points.formIntersection(points)
        }
    }

    /// Takes a point for each row; the rows have at least one each.
    private mutating func choose() {
        chosen = Set(rows.map { generator.element(of: $0.points.members) }).sorted()
    }

    private func row(_ values: [Int?]) -> Row {
        var points = CaseBits(all: points.count)
        for (axis, value) in values.enumerated() {
            if let value { points.formIntersection(having[axis][value]) }
        }
        return Row(values: values, points: points)
    }

    /// The subsets of `0..<limit` with `count` members, each ascending.
    static func subsets(of limit: Int, count: Int) -> [[Int]] {
        guard count > 0 else { return [[]] }
        guard count <= limit else { return [] }
        return (count - 1..<limit).flatMap { last in subsets(of: last, count: count - 1).map { $0 + [last] } }
    }
}

/// SplitMix64, from which choices are drawn: the same with one seed on every machine.
private struct SeededChoice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// - Parameter elements: at least one.
    mutating func element(of elements: [Int]) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        return elements[Int(value % UInt64(elements.count))]
    }
}

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

/// How many axes of a scenario are covered in every combination.
package enum Strength: Hashable, Sendable, CustomStringConvertible {
    /// Every combination of the values of any so many axes.
    case ways(Int)
    /// Every case.
    case all

    /// Reads `1`, `2`, `3` or `all`.
    package init?(_ text: String) {
        switch text {
        case "all": self = .all
        case "1", "2", "3": self = .ways(text == "1" ? 1 : text == "2" ? 2 : 3)
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .ways(let count): "\(count)"
        case .all: "all"
        }
    }
}
