internal import Glibc

/// The end of the time that something may take.
struct Deadline: Hashable {
    let instant: ContinuousClock.Instant

    init(after duration: Duration) {
        instant = .now + duration
    }

    private init(instant: ContinuousClock.Instant) {
        self.instant = instant
    }

    var isOver: Bool { ContinuousClock.now >= instant }

    /// The earlier one.
    func limited(to duration: Duration) -> Deadline {
        Deadline(instant: min(instant, .now + duration))
    }

    /// What is left in milliseconds, rounded up, as poll(2) takes it.
    var milliseconds: Int32 {
        let left = ContinuousClock.now.duration(to: instant)
        guard left > .zero else { return 0 }
        return Int32(min(Double(Int32.max), (left / .milliseconds(1)).rounded(.up)))
    }
}

/// Waits for events on descriptors.
struct Waiting {
    private var entries: [pollfd] = []

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(_ descriptor: Descriptor?, reading: Bool = true, writing: Bool = false) {
        guard let descriptor else { return }
        let events = (reading ? POLLIN : 0) | (writing ? POLLOUT : 0)
        entries.append(pollfd(fd: descriptor.number, events: Int16(events), revents: 0))
    }

    /// Returns when something can be read or written, or when the time is over.
    mutating func wait(until deadline: Deadline) {
        _ = poll(&entries, nfds_t(entries.count), deadline.milliseconds)
    }
}
