import ConformanceModel
import Testing

@Suite("The order in which cases stand for a failure mode")
struct NamingOrderTests {
    private let ids = ["a/1", "a/2", "a/3", "b/1", "b/2", "b/3", "c/1", "c/2"]

    @Test("is the same among any of the cases as among all, so that shards name the case that one run names")
    func shards() {
        let all = sorted(ids)
        for first in ids.indices {
            for last in first..<ids.count {
                let some = Set(ids[first...last])
                #expect(sorted(ids[first...last].reversed()) == all.filter(some.contains))
            }
        }
    }

    @Test("is not the alphabet's, since neighbours in it are alike")
    func unlikeNeighbours() {
        #expect(sorted(ids) != ids)
    }

    @Test("puts no case before itself, and of two cases one before the other")
    func strict() {
        for id in ids {
            for other in ids {
                let (left, right) = (NamingOrder(id), NamingOrder(other))
                #expect((left < right) != (right < left) || id == other)
                #expect(id != other || !(left < right))
            }
        }
    }

    private func sorted(_ ids: some Sequence<String>) -> [String] {
        ids.sorted { NamingOrder($0) < NamingOrder($1) }
    }
}
