import ConformanceModel
import Testing

@testable import Campaign

@Suite("A run while it goes on")
struct RunSessionTests {
    private struct Fault: Error {}

    @Test("Results come back ordered by id, without a cause or a fault")
    func ordered() async {
        let end = await session().play { onResult in
            for id in ["c", "a", "b"] { onResult(result(id)) }
        }
        #expect(end.results.map(\.id) == ["a", "b", "c"])
        #expect(end.cause == nil && end.fault == nil)
    }

    @Test("A stop cancels playing and keeps what was played")
    func stopped() async {
        let session = session()
        let end = await session.play { onResult in
            onResult(result("a"))
            session.stop(.signal(2))
            try Task.checkCancellation()
            onResult(result("b"))
        }
        #expect(end.results.map(\.id) == ["a"])
        #expect(end.cause == .signal(2))
        #expect(end.fault == nil)
    }

    @Test("A stop before playing starts is not lost, and the first cause stands")
    func stoppedBefore() async {
        let session = session()
        session.stop(.signal(15))
        session.stop(.signal(2))
        let end = await session.play { _ in
            while !Task.isCancelled { await Task.yield() }
        }
        #expect(end.cause == .signal(15))
    }

    @Test("A case that breaks off while playing is being stopped is no result")
    func brokenOff() async {
        let session = session()
        let end = await session.play { onResult in
            session.stop(.signal(2))
            onResult(result("a", .crashed))
            onResult(result("b"))
        }
        #expect(end.results.map(\.id) == ["b"])
    }

    @Test("With fail-fast the first unexpected result stops playing")
    func failFast() async {
        let end = await session(stopsAtUnexpectedResult: true).play { onResult in
            for (id, verdict) in [("a", Verdict.deviated), ("b", .failed), ("c", .passed)] {
                try Task.checkCancellation()
                onResult(result(id, verdict))
            }
        }
        #expect(end.results.map(\.id) == ["a", "b"])
        #expect(end.cause == .unexpectedResult)
    }

    @Test("What the engine throws by itself is a fault")
    func fault() async {
        let end = await session().play { _ in throw Fault() }
        #expect(end.fault is Fault)
    }

    private func session(stopsAtUnexpectedResult: Bool = false) -> RunSession {
        RunSession(
            stopsAtUnexpectedResult: stopsAtUnexpectedResult,
            progress: ProgressLine(total: 3, isShown: false)
        )
    }
}

/// A result of which only id and verdict matter.
func result(_ id: String, _ verdict: Verdict = .passed) -> CaseResult {
    CaseResult(
        id: id,
        scenario: "s",
        axes: [:],
        server: .countersign,
        client: .gnutls,
        verdict: verdict,
        expected: [],
        rules: [],
        observed: Observed(),
        reason: nil,
        deviation: nil,
        durationMs: 1
    )
}
