internal import ConformanceEngine
internal import Glibc
internal import Synchronization

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

    /// The remaining time in milliseconds, rounded up, as poll(2) takes it.
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

/// A file descriptor that is closed with its owner.
final class Descriptor {
    let number: Int32

    init(takingOwnershipOf number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    func makeNonBlocking() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }

    /// The bytes that can be read without waiting, up to a limit.
    func readAvailable(limit: Int = 1 << 20) -> (bytes: [UInt8], isAtEnd: Bool) {
        var all: [UInt8] = []
        while all.count < limit {
            var result = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, count in
                repeat {
                    result = read(number, buffer.baseAddress, buffer.count)
                } while result < 0 && errno == EINTR
                count = max(0, result)
            }
            if result > 0 {
                all += chunk
            } else {
                // A reset ends the input as well; what had arrived before it has been read.
                return (all, isAtEnd: result == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
            }
        }
        return (all, isAtEnd: false)
    }
}

/// A pipe whose ends no other program inherits.
struct Pipe {
    let readEnd: Descriptor
    let writeEnd: Descriptor

    init() throws(SystemFailure) {
        var ends: [Int32] = [-1, -1]
        let result = Inheritance.withoutStarts { () -> Int32 in
            let result = pipe(&ends)
            for end in ends where result == 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return result
        }
        guard result == 0 else { throw SystemFailure("pipe") }
        readEnd = Descriptor(takingOwnershipOf: ends[0])
        writeEnd = Descriptor(takingOwnershipOf: ends[1])
    }
}

/// A call of the system that failed where nothing but a lack of resources explains it.
struct SystemFailure: Error, Hashable, CustomStringConvertible {
    let call: String
    let code: Int32

    /// Reads `errno`, so nothing may come between the failed call and this one.
    init(_ call: String) {
        code = errno
        self.call = call
    }

    init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    var description: String { "\(call): \(String(cString: strerror(code)))" }
}
