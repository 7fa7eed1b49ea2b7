internal import Campaign
internal import ConformanceModel
internal import Foundation
internal import Glibc
internal import Synchronization

/// Standard output by whole lines, each written at once, so that a reader on a pipe never waits for a buffer.
final class LineOutput: Sendable {
    private let asJSON: Bool
    /// Lines of several threads don't mix.
    private let writing = Mutex(())

    init(asJSON: Bool) {
        self.asJSON = asJSON
    }

    /// Writes a value as one line: as JSON with sorted keys, or in words.
    func write(_ line: some Encodable & CustomStringConvertible) {
        guard asJSON else {
            write(text: line.description)
            return
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            write(text: SingleLine.json(String(decoding: try encoder.encode(line), as: UTF8.self)))
        } catch {
            fatalError("a line can't be encoded as JSON: \(error)")
        }
    }

    private func write(text: String) {
        writing.withLock { _ in
            var bytes = Array((text + "\n").utf8)[...]
            while !bytes.isEmpty {
                let written = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                bytes = bytes.dropFirst(written)
            }
        }
    }
}

/// SIGINT and SIGTERM, taken out of the signal handler to where ordinary code may run.
///
/// Only the first of each is caught: a person who presses Ctrl-C a second time means it, and the default action follows.
enum Interruption {
    /// The write end of the pipe from the signal handler.
    ///
    /// Safety: written once by `catchSignals`, before any handler is installed, and only read afterwards; an aligned
    /// 32-bit load is all that the handler does with it.
    nonisolated(unsafe) private static var handlerEnd: Int32 = -1

    /// Installs the handlers, which give the signal's number to `onSignal` on a thread of their own. To be called once.
    static func catchSignals(_ onSignal: @escaping @Sendable (Int32) -> Void) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CommandError(
                message: "no pipe for signals: \(String(cString: strerror(errno)))",
                status: .harnessFault
            )
        }
        // No worker may hold the pipe, and a full pipe must not block the handler.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        handlerEnd = ends[1]
        let readEnd = ends[0]
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(readEnd, &byte, 1)
                if count == 1 { onSignal(Int32(byte)) } else if count == 0 || errno != EINTR { return }
            }
        }
        for signal in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                // write(2) is async-signal-safe (POSIX.1-2017, 2.4.3); its result can't be acted on here.
                var byte = UInt8(truncatingIfNeeded: number)
                let saved = errno
                _ = write(Interruption.handlerEnd, &byte, 1)
                errno = saved
            }
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
            sigaction(signal, &action, nil)
        }
    }
}
