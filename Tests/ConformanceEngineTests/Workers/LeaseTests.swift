import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Lease")
struct LeaseTests {
    private static func requests(_ count: Int) -> [PlayRequest] {
        (0..<count).map {
            PlayRequest(index: $0, testCase: SampleCase.make("\($0)", Setting.all[0]), playsControl: false)
        }
    }

    @Test("holds as many requests as its window, and sends a PKI and a setup once")
    func window() {
        let lease = Lease(queue: WorkQueue(Self.requests(12)), window: 3)
        let (orders, isDone) = lease.refill()
        #expect(!isDone)
        #expect(lease.unanswered.map(\.index) == [0, 1, 2])
        #expect(orders.count == 5)
        #expect(orders.filter { if case .pki = $0 { true } else { false } }.count == 1)
        #expect(orders.filter { if case .setup = $0 { true } else { false } }.count == 1)
    }

    @Test("is filled again when half of its window is answered")
    func refill() {
        let lease = Lease(queue: WorkQueue(Self.requests(20)), window: 4)
        let held = {
            _ = lease.refill()
            return lease.unanswered.map(\.index)
        }
        let settle = { index in
            _ = lease.settle(PlayResult(index: index, outcome: .errored(reason: ""), durationMs: 0))
        }
        #expect(held() == [0, 1, 2, 3])
        settle(0)
        #expect(held() == [1, 2, 3])
        settle(1)
        #expect(held() == [2, 3, 4, 5])
    }

    @Test("takes less at a time the fewer requests are left, and all of them in the end")
    func end() {
        let lease = Lease(queue: WorkQueue(Self.requests(20)), window: 16)
        var sizes: [Int] = []
        var played = 0
        while !lease.refill().isDone {
            sizes.append(lease.unanswered.count)
            _ = lease.settle(PlayResult(index: played, outcome: .errored(reason: ""), durationMs: 0))
            played += 1
        }
        #expect(played == 20)
        // A quarter of the 20, then of the 15 left after that, and one at a time at the end.
        #expect(sizes.prefix(2) == [5, 7])
        #expect(sizes.suffix(3) == [3, 2, 1])
    }

    @Test("takes the answer to its first request only")
    func order() {
        let lease = Lease(queue: WorkQueue(Self.requests(8)), window: 2)
        _ = lease.refill()
        let outcome = PlayOutcome.errored(reason: "")
        #expect(lease.settle(PlayResult(index: 1, outcome: outcome, durationMs: 0)) == nil)
        #expect(lease.settle(PlayResult(index: 0, outcome: outcome, durationMs: 0)) != nil)
        #expect(lease.unanswered.map(\.index) == [1])
    }

    @Test("is done when queue and hands are empty")
    func done() {
        let lease = Lease(queue: WorkQueue(Self.requests(1)), window: 2)
        #expect(!lease.refill().isDone)
        #expect(lease.settle(PlayResult(index: 0, outcome: .errored(reason: ""), durationMs: 0)) != nil)
        #expect(lease.refill().isDone)
    }

    @Test("holds its clock while an answer is delivered, however often it is looked at meanwhile")
    func delivery() {
        let lease = Lease(queue: WorkQueue(Self.requests(8)), window: 2)
        _ = lease.refill()
        lease.noteReady()
        #expect(lease.settle(PlayResult(index: 0, outcome: .errored(reason: ""), durationMs: 0)) != nil)
        lease.holdClock()
        #expect(!lease.checkOverdue(limit: .zero))
        lease.restartClock()
        #expect(!lease.checkOverdue(limit: .zero))
        lease.releaseClock()
        #expect(!lease.checkOverdue(limit: .seconds(3600)))
        #expect(lease.checkOverdue(limit: .zero))
    }

    @Test("gets back in order what a worker did not come to")
    func giveBack() {
        let requests = Self.requests(4)
        let queue = WorkQueue(requests)
        let taken = (0..<3).compactMap { _ in queue.next() }
        queue.giveBack(taken.dropFirst())
        #expect((0..<3).compactMap { _ in queue.next()?.index } == [1, 2, 3])
    }
}
