import ConformanceModel
import Synchronization

@testable import ConformanceEngine

/// Gathers the results of a run.
final class ResultCollector: Sendable {
    private let results = Mutex<[PlayResult]>([])

    var all: [PlayResult] { results.withLock { $0 } }
    /// How each case ended, by index.
    var outcomes: [Int: PlayOutcome] {
        Dictionary(all.map { ($0.index, $0.outcome) }, uniquingKeysWith: { first, _ in first })
    }

    func add(_ result: PlayResult) {
        results.withLock { $0.append(result) }
    }
}
