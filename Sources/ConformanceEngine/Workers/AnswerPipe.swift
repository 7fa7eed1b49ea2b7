internal import ConformanceModel
internal import Foundation
internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// The pipe that a worker writes its answers to, read on a thread of its own.
///
/// A thread that waits in read(2) takes an answer from the pipe to the judge without a hop; through an event loop and
/// tasks, the way of one answer cost the runner as much as reading and judging it.
final class AnswerPipe: Sendable {
    /// For the worker; whoever starts it closes it.
    let writeEnd: FileDescriptor
    private let readEnd: FileDescriptor

    init() throws {
        (readEnd, writeEnd) = try Inheritance.withoutStarts {
            let ends = try FileDescriptor.pipe()
            for end in [ends.readEnd, ends.writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
            return ends
        }
    }

    deinit {
        try? readEnd.close()
    }

    /// Hands on lines as they come, those that came together at once, until nobody has the write end any more or
    /// `body` throws.
    func lines(_ body: @escaping @Sendable ([[UInt8]]) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread { continuation.resume(with: Result { try self.read(body) }) }.start()
        }
    }

    private func read(_ body: ([[UInt8]]) throws -> Void) throws {
        var splitter = LineSplitter()
        while true {
            let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, count in
                count = try readEnd.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            guard !bytes.isEmpty else { return }
            try body(splitter.lines(adding: bytes))
        }
    }
}

/// The last that a worker wrote to standard error.
final class ComplaintTail: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func add(_ more: [UInt8]) {
        bytes.withLock { bytes in
            bytes += more
            bytes.removeFirst(max(0, bytes.count - Self.limit))
        }
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// A complaint as the end of a sentence; empty if there is none.
    static func clause(_ complaint: String) -> String {
        let lines = complaint.split(whereSeparator: \.isNewline)
        return lines.isEmpty ? "" : "; it said: \(lines.joined(separator: " / "))"
    }

    private static let limit = 2048
}

/// The causes outside of both stacks and of the harness for which a case is played again.
///
/// Nothing else is: a wrong verdict, a crash or a deadline is a result, however seldom it comes.
enum EnvironmentCause {
    /// A worker that the kernel or an operator ended.
    static let kill = "the worker that played it was killed from outside (SIGKILL)"

    /// The resource that the system lacked, when the harness failed for that.
    static func of(_ outcome: PlayOutcome) -> String? {
        guard case .errored(let reason) = outcome else { return nil }
        return codes.map { String(cString: strerror($0)) }.contains(where: reason.contains) ? reason : nil
    }

    /// An address in use, and no descriptor left in the process or in the system.
    private static let codes = [EADDRINUSE, EMFILE, ENFILE]
}

/// How much memory a worker may have.
enum MemoryLimit {
    /// Limits what the process may map for itself: heap, data and stacks, not the files of its libraries.
    ///
    /// A limit that can't be set, such as one above the hard limit, leaves the one that there is.
    static func set(mebibytes: Int) {
        // glibc's enumeration is a type of its own in Swift, and its functions take a number.
        let resource = __rlimit_resource_t(RLIMIT_DATA.rawValue)
        var limit = rlimit()
        guard mebibytes > 0, getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(rlim_t(mebibytes) << 20, limit.rlim_max)
        setrlimit(resource, &limit)
    }
}

extension TerminationStatus {
    /// Whether the kernel or an operator ended the process: no process does this to itself.
    var isKill: Bool { self == .signaled(SIGKILL) }

    var sentence: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal):
            "signal \(signal)\(Self.signalNames[signal].map { " (\($0))" } ?? "")"
        }
    }

    /// The signals that a crash or a kill ends with; a Swift trap is SIGILL or SIGTRAP.
    private static let signalNames: [Int32: String] = [
        SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
        SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM",
    ]
}

/// Keeps descriptors from being inherited by a program that starts between their making and their marking.
package enum Inheritance {
    private static let lock = Mutex(())

    package static func withoutStarts<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try lock.withLock { _ throws(Failure) in try body() }
    }
}
