internal import COpenSSL

/// A queue of bytes that OpenSSL reads from or writes to.
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
