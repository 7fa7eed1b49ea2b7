import Testing

@testable import ConformanceModel

@Suite("Covering arrays")
struct CoveringArrayTests {
    /// All points of axes with these numbers of values.
    private static func grid(_ sizes: [Int]) -> [[Int]] {
        sizes.reduce([[]]) { points, size in points.flatMap { point in (0..<size).map { point + [$0] } } }
    }

    /// Counts combinations the long way: by every subset of axes and every point.
    private static func tuples(_ points: [[Int]], strength: Int) -> Set<[Int]> {
        let axes = points.first?.count ?? 0
        var found: Set<[Int]> = []
        for subset in 0..<(1 << axes) where subset.nonzeroBitCount == strength {
            for point in points {
                found.insert([subset] + (0..<axes).filter { subset >> $0 & 1 == 1 }.map { point[$0] })
            }
        }
        return found
    }

    @Test(
        "Every combination of t axes is covered, and none is counted twice",
        arguments: [[3, 3, 3, 3], [2, 2, 2, 2, 2, 2, 2, 2, 2, 2], [5, 2, 4, 4], [8, 1, 3], [1], [7, 6]],
        [1, 2, 3]
    )
    func covered(sizes: [Int], strength: Int) {
        let points = Self.grid(sizes)
        let array = CoveringArray(points, strength: strength, seed: 1)
        let all = Self.tuples(points, strength: min(strength, sizes.count))
        #expect(Self.tuples(array.chosen.map { points[$0] }, strength: min(strength, sizes.count)) == all)
        #expect(array.combinations == all.count)
    }

    @Test("Points that don't exist are neither chosen nor missed", arguments: [1, 2, 3], [1, 2, 3, 4, 5] as [UInt64])
    func constrained(strength: Int, seed: UInt64) {
        // A third of the points, without any order in which ones.
        let points = Self.grid([4, 3, 3, 2, 4]).filter { StableHash("\($0)").value % 3 == 0 }
        let array = CoveringArray(points, strength: strength, seed: seed)
        let all = Self.tuples(points, strength: strength)
        #expect(Self.tuples(array.chosen.map { points[$0] }, strength: strength) == all)
        #expect(array.combinations == all.count)
        #expect(array.chosen.count < points.count || strength == 3)
    }

    @Test("The array is small: 10 axes of 2 values need no more than 10 rows for pairs, 7 of 3 no more than 20")
    func small() {
        let binary = Self.grid(Array(repeating: 2, count: 10))
        #expect(CoveringArray(binary, strength: 2, seed: 1).chosen.count <= 10)
        let ternary = Self.grid(Array(repeating: 3, count: 7))
        #expect(CoveringArray(ternary, strength: 2, seed: 1).chosen.count <= 20)
    }

    @Test("One seed gives one array, and the strength of all axes gives every point")
    func deterministic() {
        let points = Self.grid([4, 3, 3, 2])
        #expect(
            CoveringArray(points, strength: 2, seed: 9).chosen == CoveringArray(points, strength: 2, seed: 9).chosen
        )
        #expect(CoveringArray(points, strength: 4, seed: 9).chosen == Array(points.indices))
        #expect(CoveringArray([], strength: 2, seed: 9).chosen.isEmpty)
    }

    @Test("Subsets are counted by the binomial coefficient")
    func subsets() {
        #expect(CoveringArray.subsets(of: 6, count: 3).count == 20)
        #expect(Set(CoveringArray.subsets(of: 6, count: 3)).count == 20)
        #expect(CoveringArray.subsets(of: 4, count: 0) == [[]])
        #expect(CoveringArray.subsets(of: 2, count: 3).isEmpty)
    }
}
