internal import Synchronization

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
