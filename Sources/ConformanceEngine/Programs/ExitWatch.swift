internal import Foundation
internal import Glibc
internal import Synchronization

/// Waits for the end of one process on a thread of its own, and tells of it with a descriptor that poll(2) takes.
final class ExitWatch {
    /// Readable once the process has ended.
    let signal: Descriptor
    private let result = Result()
    private let done = DispatchSemaphore(value: 0)
    private var isJoined = false

    private final class Result: Sendable {
        let status = Mutex<ExitStatus?>(nil)
    }

    init(_ process: pid_t) throws(SystemFailure) {
        let pipe = try Pipe()
        signal = pipe.readEnd
        let writeEnd = fcntl(pipe.writeEnd.number, F_DUPFD_CLOEXEC, 3)
        guard writeEnd >= 0 else { throw SystemFailure("fcntl") }
        let (result, done) = (result, done)
        let thread = Thread {
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            result.status.withLock { $0 = ExitStatus(status) }
            close(writeEnd)
            done.signal()
        }
        thread.stackSize = 1 << 17
        thread.start()
    }

    var status: ExitStatus? { result.status.withLock { $0 } }

    /// Returns when the process has ended.
    func join() {
        guard !isJoined else { return }
        isJoined = true
        done.wait()
    }
}
