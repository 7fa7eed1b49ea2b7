internal import Foundation
internal import Glibc
internal import Synchronization

/// A program that runs beside this process.
final class ChildProcess {
    let arguments: [String]
    private let process: pid_t
    private let ending: ExitWatch
    private var input: Descriptor?
    private var output: Descriptor?
    private var errors: Descriptor?
    /// Output that was written and not yet taken.
    private(set) var outputBytes: [UInt8] = []
    private(set) var errorBytes: [UInt8] = []

    init(
        _ arguments: [String],
        group: pid_t,
        environment: [String: String] = [:],
        folder: String? = nil
    ) throws(SystemFailure) {
        self.arguments = arguments
        let (input, output, errors) = (try Pipe(), try Pipe(), try Pipe())
        process = try Spawn(
            arguments: arguments,
            group: group,
            input: input.readEnd,
            output: output.writeEnd,
            errors: errors.writeEnd,
            environment: environment,
            folder: folder
        ).start()
        self.input = input.writeEnd
        self.output = output.readEnd
        self.errors = errors.readEnd
        for end in [input.writeEnd, output.readEnd, errors.readEnd] { end.makeNonBlocking() }
        ending = try ExitWatch(process)
    }

    deinit {
        kill()
    }

    /// Ends the program at once; harmless when it has ended.
    func kill() {
        if exitStatus == nil { send(signal: SIGKILL) }
        ending.join()
    }

    func send(signal: Int32) {
        guard exitStatus == nil else { return }
        Glibc.kill(process, signal)
    }

    /// How it ended; nil while it runs.
    var exitStatus: ExitStatus? { ending.status }

    /// Writes to its standard input until all is written or the time is over; false when it reads no more.
    func write(_ bytes: [UInt8], until deadline: Deadline) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let input, !deadline.isOver else { return false }
            let count = rest.withUnsafeBytes { Glibc.write(input.number, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var waiting = Waiting()
                waiting.add(input, reading: false, writing: true)
                register(in: &waiting)
                waiting.wait(until: deadline)
                readAvailable()
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    func closeInput() { input = nil }

    /// Takes in what it has written, without waiting.
    func readAvailable() {
        readAvailable(&output, into: &outputBytes)
        readAvailable(&errors, into: &errorBytes)
    }

    private func readAvailable(_ descriptor: inout Descriptor?, into bytes: inout [UInt8]) {
        guard let source = descriptor else { return }
        let (more, isAtEnd) = source.readAvailable()
        bytes += more
        // What is not asked for is kept to a bound; the last of it tells the most.
        if bytes.count > Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
        if isAtEnd { descriptor = nil }
    }

    /// Waits for output as well as for the end.
    func register(in waiting: inout Waiting) {
        waiting.add(output)
        waiting.add(errors)
        if exitStatus == nil { waiting.add(ending.signal) }
    }

    /// Removes and returns the first whole line of standard output.
    func takeLine() -> [UInt8]? {
        guard let end = outputBytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { outputBytes.removeFirst(end + 1) }
        return Array(outputBytes[..<end])
    }

    /// Whether all that it will ever write has been read.
    var isSilent: Bool { output == nil && errors == nil }

    /// Waits for its end, and for all that it wrote.
    ///
    /// - Returns: how it ended; nil when it still ran at the end of the time.
    func waitForExit(until deadline: Deadline) -> ExitStatus? {
        while true {
            readAvailable()
            if let exitStatus {
                // A program that it left behind may hold the pipes open: what is there now is all that counts.
                readAvailable()
                return exitStatus
            }
            guard !deadline.isOver else { return nil }
            var waiting = Waiting()
            register(in: &waiting)
            waiting.wait(until: deadline)
        }
    }

    private static let limit = 1 << 20
}

/// How a process ended.
enum ExitStatus: Hashable, CustomStringConvertible {
    case exited(Int32)
    case signaled(Int32)

    init(_ status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited((status >> 8) & 0xFF) : .signaled(signal)
    }

    var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}

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
