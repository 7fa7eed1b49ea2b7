internal import Foundation
internal import Glibc
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
