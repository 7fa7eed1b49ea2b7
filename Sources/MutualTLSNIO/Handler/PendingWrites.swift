internal import NIOCore

/// Application data that waits for the end of the handshake, up to a number of bytes.
struct PendingWrites {
    private var writes: [(data: ByteBuffer, promise: EventLoopPromise<Void>?)] = []
    private(set) var byteCount = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Keeps the write, or says that it would be too much.
    ///
    /// A write without bytes counts as one byte, so that endless empty ones are refused too.
    mutating func append(_ data: ByteBuffer, _ promise: EventLoopPromise<Void>?) -> Bool {
        let cost = max(1, data.readableBytes)
        guard byteCount + cost <= limit else { return false }
        byteCount += cost
        writes.append((data, promise))
        return true
    }

    mutating func takeAll() -> [(data: ByteBuffer, promise: EventLoopPromise<Void>?)] {
        defer {
            writes = []
            byteCount = 0
        }
        return writes
    }
}
