import MutualTLS
import Synchronization

/// A clock that a test moves forth and back; it starts at noon.
final class MovableClock: Sendable {
    private let seconds = Mutex(noon)

    var read: @Sendable () -> Timestamp {
        { Timestamp(secondsSinceEpoch: self.seconds.withLock { $0 }) }
    }

    func move(by change: Int64) {
        seconds.withLock { $0 += change }
    }
}
