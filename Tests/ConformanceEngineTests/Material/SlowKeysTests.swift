import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Slow keys")
struct SlowKeysTests {
    private static func testCase() -> ConformanceCase {
        SampleCase.make("rsa", Setting.all[0]) { testCase in
            for name in ["root", "server", "stranger"] { testCase.pki.certificates[name]?.key = .rsa1024 }
            testCase.pki.certificates["client"]?.keyOf = "server"
        }
    }

    @Test("are counted once for each entry that the case needs and that has a key of its own")
    func counted() {
        let testCase = Self.testCase()
        let count = SlowKeyCount(testCase.pki, NeededNames(testCase, withControl: false))
        #expect(count.byType == [.rsa1024: 2])
    }

    @Test("are made by the first case and found by the next")
    func pooled() throws {
        let player = try CasePlayer(stacks: .standard())
        let testCase = Self.testCase()
        #expect(player.missingKeys(for: testCase, playsControl: false) == 2)
        _ = player.play(testCase, seed: 1, now: Present.now, playsControl: false)
        #expect(player.missingKeys(for: testCase, playsControl: false) == 0)
    }

    @Test("give the case at the head of a lease more time, and no other")
    func allowance() {
        let requests = (0..<2).map {
            PlayRequest(index: $0, testCase: SampleCase.make("\($0)", Setting.all[0]), playsControl: false)
        }
        let lease = Lease(queue: WorkQueue(requests), window: 2)
        _ = lease.refill()
        lease.allow(.seconds(60))
        #expect(!lease.checkOverdue(limit: .zero))
        #expect(lease.end(limit: .seconds(1)) == lease.headSince + .seconds(61))
        #expect(lease.settle(PlayResult(index: 0, outcome: .errored(reason: ""), durationMs: 0)) != nil)
        #expect(lease.end(limit: .seconds(1)) == lease.headSince + .seconds(1))
        #expect(lease.checkOverdue(limit: .zero))
    }
}
