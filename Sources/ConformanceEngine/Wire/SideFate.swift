package import ConformanceModel

/// What a wire knows of one side of its connection.
package struct SideFate: Hashable, Sendable {
    /// Whether the side's own handshake succeeded at some time.
    package var completedHandshake = false
    /// Whether the side ended in a failure.
    package var failed = false
    package var receivedBytes = 0
    /// Whether the side gave up before it had anything to send: it refused its own settings.
    package var failedAtStart = false
    var hungUp = false

    /// Whether the side's handshake succeeded and nothing failed since.
    var isUp: Bool { completedHandshake && !failed }

    /// Where the side noticed that it failed.
    package var noticed: NoticePoint {
        failedAtStart ? .configuration : completedHandshake ? .firstRead : .handshake
    }
}
