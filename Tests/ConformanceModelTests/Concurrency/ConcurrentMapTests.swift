import Testing

@testable import ConformanceModel

@Suite("Concurrent map")
struct ConcurrentMapTests {
    @Test("keeps the order of its elements, however many there are", arguments: [0, 1, 2, 63, 64, 65, 1000, 1023])
    func order(count: Int) {
        let numbers = Array(0..<count)
        #expect(numbers.concurrentMap { $0 * 2 } == numbers.map { $0 * 2 })
    }
}
