internal import Synchronization

/// The one clock of a playing: both sides judge certificates, revocation lists and sessions by it.
package final class CaseClock: Sendable {
    private let seconds: Mutex<Int64>

    /// - Parameter now: seconds since 1970.
    package init(now: Int64) {
        seconds = Mutex(now)
    }

    /// Seconds since 1970.
    package var now: Int64 { seconds.withLock { $0 } }

    /// Moves the clock forward.
    package func advance(bySeconds step: Int64) {
        seconds.withLock { $0 += step }
    }
}
