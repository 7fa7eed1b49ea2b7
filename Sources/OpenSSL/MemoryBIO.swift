internal import COpenSSL

/// A queue of bytes that OpenSSL's parsers read from and its printers write to.
///
/// An empty queue answers "try again" and not "end of file", as a transport without bytes does.
package final class MemoryBIO {
    package let pointer: OpaquePointer

    package init() throws(OpenSSLError) {
        pointer = try checkPointer("BIO_new") { BIO_new(BIO_s_mem()) }
        _ = COpenSSL_BIO_set_mem_eof_return(pointer, -1)
    }

    /// A queue that holds `bytes` and ends after them, for parsers.
    package convenience init(reading bytes: [UInt8]) throws(OpenSSLError) {
        try self.init()
        try write(bytes)
        endsWhenEmpty = true
    }

    deinit {
        BIO_free(pointer)
    }

    /// Whether an empty queue is the end of the stream, and no longer "try again".
    package var endsWhenEmpty = false {
        didSet { _ = COpenSSL_BIO_set_mem_eof_return(pointer, endsWhenEmpty ? 0 : -1) }
    }

    /// The number of bytes that wait to be read.
    package var count: Int { COpenSSL_BIO_pending(pointer) }

    /// Appends bytes; a memory BIO takes all of them or fails for want of memory.
    package func write(_ bytes: [UInt8]) throws(OpenSSLError) {
        guard !bytes.isEmpty else { return }
        var written = 0
        try check("BIO_write") { BIO_write_ex(pointer, bytes, bytes.count, &written) }
        precondition(written == bytes.count, "a memory BIO took \(written) of \(bytes.count) bytes")
    }

    /// Takes every byte out of the queue.
    package func readAll() -> [UInt8] {
        let available = count
        guard available > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: available) { buffer, initializedCount in
            guard BIO_read_ex(pointer, buffer.baseAddress, available, &initializedCount) == 1 else {
                initializedCount = 0
                return
            }
        }
    }
}

/// The queue between a connection and its transport, in one direction.
///
/// A memory BIO clears the room that it grows into, and copies what it is given and what is taken out of it. Here whole
/// arrays change hands, and libssl alone copies: 16 KiB a record, three times fewer.
package final class ByteQueue {
    /// The BIO that libssl reads or writes. It may live longer than this object, and is empty then.
    package let pointer: OpaquePointer

    fileprivate var bytes: [UInt8] = []
    /// How many of the bytes libssl has read.
    fileprivate var offset = 0
    /// Whether an empty queue is the end of the stream, and no longer "try again".
    package var endsWhenEmpty = false

    package init() throws(OpenSSLError) {
        pointer = try checkPointer("BIO_new") { BIO_new(byteQueueMethod) }
        BIO_set_data(pointer, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(pointer, 1)
    }

    deinit {
        BIO_set_data(pointer, nil)
        BIO_free(pointer)
    }

    /// The number of bytes that wait to be read.
    package var count: Int { bytes.count - offset }

    /// Appends bytes.
    package func write(_ more: [UInt8]) {
        guard count > 0 else {
            (bytes, offset) = (more, 0)
            return
        }
        if offset > 0 {
            bytes.removeFirst(offset)
            offset = 0
        }
        bytes.append(contentsOf: more)
    }

    /// Takes every byte out of the queue.
    package func readAll() -> [UInt8] {
        defer { (bytes, offset) = ([], 0) }
        return offset == 0 ? bytes : Array(bytes[offset...])
    }

    fileprivate func append(_ more: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: more)
    }

    /// Copies bytes out, as many as there are and fit.
    fileprivate func read(into destination: UnsafeMutableRawBufferPointer) -> Int {
        let taken = min(count, destination.count)
        bytes.withUnsafeBytes {
            destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + taken)]))
        }
        offset += taken
        if offset == bytes.count { (bytes, offset) = ([], 0) }
        return taken
    }

    /// The queue of a BIO; nil once it has gone.
    fileprivate static func of(_ bio: OpaquePointer?) -> ByteQueue? {
        BIO_get_data(bio).map { Unmanaged<ByteQueue>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// The method table by which libssl calls the BIO of a queue. It is never freed: connections may live until the process ends.
///
/// Safety: it is made once and only read afterwards.
nonisolated(unsafe) private let byteQueueMethod: OpaquePointer? = {
    let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bytes of a connection")
    BIO_meth_set_read_ex(method, readFromQueue)
    BIO_meth_set_write_ex(method, writeToQueue)
    BIO_meth_set_ctrl(method, controlQueue)
    return method
}()

/// The flags that BIO_clear_retry_flags clears.
private let allRetryFlags = BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY

/// BIO_read_ex(3): 1 for bytes; else 0 at the end of the stream, and -1 with the flags for "try again".
private func readFromQueue(
    _ bio: OpaquePointer?,
    _ destination: UnsafeMutablePointer<CChar>?,
    _ length: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> CInt {
    BIO_clear_flags(bio, allRetryFlags)
    guard let queue = ByteQueue.of(bio), queue.count > 0 else {
        if ByteQueue.of(bio)?.endsWhenEmpty != false { return 0 }
        BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
        return -1
    }
    count?.pointee = queue.read(into: UnsafeMutableRawBufferPointer(start: destination, count: length))
    return 1
}

/// BIO_write_ex(3): a queue takes everything.
private func writeToQueue(
    _ bio: OpaquePointer?,
    _ source: UnsafePointer<CChar>?,
    _ length: Int,
    _ written: UnsafeMutablePointer<Int>?
) -> CInt {
    BIO_clear_flags(bio, allRetryFlags)
    guard let queue = ByteQueue.of(bio) else { return 0 }
    queue.append(UnsafeRawBufferPointer(start: source, count: length))
    written?.pointee = length
    return 1
}

/// BIO_ctrl(3): libssl asks whether the stream has ended, how much waits, and flushes.
private func controlQueue(_ bio: OpaquePointer?, _ command: CInt, _: Int, _: UnsafeMutableRawPointer?) -> Int {
    switch command {
    case BIO_CTRL_EOF: (ByteQueue.of(bio)?.count ?? 0) == 0 ? 1 : 0
    case BIO_CTRL_PENDING: ByteQueue.of(bio)?.count ?? 0
    case BIO_CTRL_FLUSH, BIO_CTRL_DUP: 1
    default: 0
    }
}
