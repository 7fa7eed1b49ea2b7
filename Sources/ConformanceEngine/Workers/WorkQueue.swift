internal import Synchronization

/// The requests of a run that no worker has answered, shared by all workers.
final class WorkQueue: Sendable {
    private let waiting: Mutex<[PlayRequest]>

    init(_ requests: [PlayRequest]) {
        // Taken from the end, so the first comes last.
        waiting = Mutex(requests.reversed())
    }

    var isEmpty: Bool { waiting.withLock { $0.isEmpty } }

    func next() -> PlayRequest? {
        waiting.withLock { $0.popLast() }
    }

    /// Puts requests back that a worker had taken and did not come to, to be played next.
    func giveBack(_ requests: some BidirectionalCollection<PlayRequest> & Sendable) {
        waiting.withLock { $0.append(contentsOf: requests.reversed()) }
    }
}
