internal import Synchronization

/// A time in seconds since 1970 that moves when a test says so.
final class TestClock: Sendable {
    private let time: Mutex<Int64>

    init(_ time: Int64) {
        self.time = Mutex(time)
    }

    func advance(by seconds: Int64) {
        time.withLock { $0 += seconds }
    }

    var read: @Sendable () -> Int64 {
        { self.time.withLock { $0 } }
    }
}
