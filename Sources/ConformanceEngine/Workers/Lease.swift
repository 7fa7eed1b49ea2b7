internal import Synchronization

/// The orders that one worker process has been sent and has not answered, in order, and when the first began.
final class Lease: Sendable {
    private struct State {
        var requests: [PlayRequest] = []
        var numbers = SetupNumbers()
        var headSince = ContinuousClock.now
        /// The extra time that the first request may take beyond the limit.
        var allowance = Duration.zero
        var isReady = false
        var isOverdue = false
        var isHeld = false
    }

    private let state = Mutex(State())
    private let queue: WorkQueue
    private let window: Int

    /// - Parameter window: how many requests a worker holds, so that it never waits for the next one.
    init(queue: WorkQueue, window: Int) {
        self.queue = queue
        self.window = window
    }

    var isReady: Bool { state.withLock { $0.isReady } }
    var isOverdue: Bool { state.withLock { $0.isOverdue } }
    /// The requests without an answer; the worker is at the first.
    var unanswered: [PlayRequest] { state.withLock { $0.requests } }
    /// Since when the first request's time runs.
    var headSince: ContinuousClock.Instant { state.withLock { $0.headSince } }

    /// When the first request's time is over.
    func end(limit: Duration) -> ContinuousClock.Instant {
        state.withLock { $0.headSince + limit + $0.allowance }
    }

    func noteReady() {
        state.withLock { state in
            state.isReady = true
            state.headSince = .now
        }
    }

    /// Gives the first request more time.
    func allow(_ more: Duration) {
        state.withLock { $0.allowance += more }
    }

    /// Lets the time of the first request begin again.
    func restartClock() {
        state.withLock { $0.headSince = .now }
    }

    /// Holds the clock while an answer is delivered: a disk that takes long then is no fault of the worker, whose next
    /// answer nobody reads meanwhile.
    func holdClock() {
        state.withLock { $0.isHeld = true }
    }

    /// Lets the clock go on after ``holdClock()``; the time of the first request begins now.
    func releaseClock() {
        state.withLock { state in
            state.isHeld = false
            state.headSince = .now
        }
    }

    /// Fills the window from the queue once half of it is answered: orders that go together cost one write, and the
    /// worker has work until then. Towards the end it takes less at a time, so that all workers end together.
    ///
    /// - Returns: what the worker must be told for it, and whether nothing is left for this worker to answer.
    func refill() -> (orders: [WorkerOrder], isDone: Bool) {
        state.withLock { state in
            var orders: [WorkerOrder] = []
            guard state.requests.count <= window / 2 else { return (orders, false) }
            let room = min(window, state.requests.count + max(1, queue.count / 4))
            while state.requests.count < room, let request = queue.next() {
                if state.requests.isEmpty { state.headSince = .now }
                state.requests.append(request)
                orders += state.numbers.orders(for: request)
            }
            return (orders, state.requests.isEmpty)
        }
    }

    /// Takes the answer to the first request, and says which that was; nil when it answers something else.
    func settle(_ result: PlayResult) -> PlayRequest? {
        state.withLock { state in
            guard state.requests.first?.index == result.index else { return nil }
            state.allowance = .zero
            state.headSince = .now
            return state.requests.removeFirst()
        }
    }

    /// Whether the first request began longer ago than a worker may take; once true, it stays so.
    func checkOverdue(limit: Duration) -> Bool {
        state.withLock { state in
            let isBusy = !state.requests.isEmpty || !state.isReady
            if isBusy, !state.isHeld, state.headSince.duration(to: .now) >= limit + state.allowance {
                state.isOverdue = true
            }
            return state.isOverdue
        }
    }
}

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
