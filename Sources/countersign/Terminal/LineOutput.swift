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
            write(text: String(decoding: try encoder.encode(line), as: UTF8.self))
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
