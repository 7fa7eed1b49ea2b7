import ConformanceModel
import Synchronization
import Testing

@testable import Campaign

@Suite("Progress line")
struct ProgressLineTests {
    private final class Screen: Sendable {
        let text = Mutex("")
        func write(_ part: String) { text.withLock { $0 += part } }
        var shown: String { text.withLock { $0 } }
    }

    @Test("On a terminal it is drawn over itself at most ten times a second, and erased at the end")
    func interactive() {
        let screen = Screen()
        let start = ContinuousClock.now
        var line = ProgressLine(total: 10, isShown: true, now: start, write: screen.write)
        line.add(.passed, now: start)
        line.add(.failed, now: start + .milliseconds(50))
        line.add(.passed, now: start + .seconds(3))
        line.end()
        #expect(
            screen.shown == "\r\u{1B}[K1/10 cases\r\u{1B}[K3/10 cases, 1 unexpected, about 8 s left\r\u{1B}[K"
        )
    }

    @Test("In a pipe it writes nothing")
    func piped() {
        let screen = Screen()
        var line = ProgressLine(total: 1, isShown: false, write: screen.write)
        line.add(.passed)
        line.end()
        #expect(screen.shown.isEmpty)
    }
}
