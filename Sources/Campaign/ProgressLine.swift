package import ConformanceModel
internal import Glibc

/// The line that a person watches during a run; nothing at all in a pipe.
package struct ProgressLine: Sendable {
    private static let interval = Duration.milliseconds(100)
    private static let erase = "\r\u{1B}[K"

    private let total: Int
    private let isShown: Bool
    private let write: @Sendable (String) -> Void
    private var done = 0
    private var unexpected = 0
    private var lastShown: ContinuousClock.Instant?
    private let started: ContinuousClock.Instant

    package init(
        total: Int,
        isShown: Bool,
        now: ContinuousClock.Instant = .now,
        write: @escaping @Sendable (String) -> Void = ErrorOutput.write
    ) {
        self.total = total
        self.isShown = isShown
        self.write = write
        started = now
    }

    /// Counts a result, and shows the line anew if the last one is old enough.
    package mutating func add(_ verdict: Verdict, now: ContinuousClock.Instant = .now) {
        done += 1
        if !verdict.isExpected { unexpected += 1 }
        guard isShown, lastShown.map({ now - $0 >= Self.interval }) ?? true else { return }
        lastShown = now
        var text = "\(done)/\(total) cases"
        if unexpected > 0 { text += ", \(unexpected) unexpected" }
        if let left = secondsLeft(now: now) { text += ", about \(left) s left" }
        write(Self.erase + text)
    }

    /// Takes the line away, so that what follows starts on an empty one.
    package mutating func end() {
        guard lastShown != nil else { return }
        lastShown = nil
        write(Self.erase)
    }

    private func secondsLeft(now: ContinuousClock.Instant) -> Int64? {
        let passed = now - started
        guard passed > .seconds(1), done > 0 else { return nil }
        return (passed / done * (total - done)).components.seconds + 1
    }
}

/// Standard error, unbuffered.
package enum ErrorOutput {
    /// Whether a person watches: a terminal that can move its cursor.
    package static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
    }

    package static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
