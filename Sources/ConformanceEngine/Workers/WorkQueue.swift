internal import Synchronization

/// The requests of a run that no worker has answered, shared by all workers.
final class WorkQueue: Sendable {
    private let waiting: Mutex<[PlayRequest]>
    /// Why requests are played again, by index.
    private let causes = Mutex<[Int: [String]]>([:])

    init(_ requests: [PlayRequest]) {
        // Taken from the end, so the first comes last.
        waiting = Mutex(requests.reversed())
    }

    var isEmpty: Bool { count == 0 }

    var count: Int { waiting.withLock { $0.count } }

    func next() -> PlayRequest? {
        waiting.withLock { $0.popLast() }
    }

    /// Puts requests back that a worker had taken and did not come to, to be played next.
    func giveBack(_ requests: some BidirectionalCollection<PlayRequest> & Sendable) {
        waiting.withLock { $0.append(contentsOf: requests.reversed()) }
    }

    /// Puts a request back whose play says nothing, for a cause of the environment.
    ///
    /// - Returns: false when it was played as often as a case may be: what goes on is no accident.
    func retry(_ request: PlayRequest, after cause: String) -> Bool {
        let isAllowed = causes.withLock { causes in
            guard causes[request.index, default: []].count < Self.retries else { return false }
            causes[request.index, default: []].append(cause)
            return true
        }
        if isAllowed { waiting.withLock { $0.append(request) } }
        return isAllowed
    }

    /// Why earlier plays of a request did not count.
    func causes(of index: Int) -> [String] {
        causes.withLock { $0[index] ?? [] }
    }

    private static let retries = 2
}
