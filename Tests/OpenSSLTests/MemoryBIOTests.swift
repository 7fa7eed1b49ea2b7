import COpenSSL
import OpenSSL
import Testing

@Suite("Memory BIOs")
struct MemoryBIOTests {
    @Test("hand out what was written, once and in order")
    func order() throws {
        let queue = try MemoryBIO()
        try queue.write([1, 2])
        try queue.write([])
        try queue.write([3])
        #expect(queue.count == 3)
        #expect(queue.readAll() == [1, 2, 3])
        #expect(queue.readAll().isEmpty)
        #expect(queue.count == 0)
    }
}

@Suite("The queue between a connection and its transport")
struct ByteQueueTests {
    private func read(_ queue: ByteQueue, _ room: Int) -> (result: CInt, bytes: [UInt8], isToBeRepeated: Bool) {
        var (result, count) = (CInt(0), 0)
        let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
            result = BIO_read(queue.pointer, buffer.baseAddress, CInt(room))
            initialized = max(0, Int(result))
            count = initialized
        }
        return (result, Array(bytes.prefix(count)), BIO_test_flags(queue.pointer, BIO_FLAGS_SHOULD_RETRY) != 0)
    }

    @Test("hands out what came, once and in order, however it is cut")
    func order() throws {
        let queue = try ByteQueue()
        queue.write([1, 2, 3])
        #expect(read(queue, 2).bytes == [1, 2])
        queue.write([])
        queue.write([4])
        #expect(queue.count == 2)
        #expect(read(queue, 9).bytes == [3, 4])
        #expect(BIO_write(queue.pointer, [5, 6] as [UInt8], 2) == 2)
        #expect(BIO_write(queue.pointer, [7] as [UInt8], 1) == 1)
        #expect(read(queue, 1).bytes == [5])
        #expect(queue.readAll() == [6, 7])
        #expect(queue.count == 0 && queue.readAll().isEmpty)
    }

    @Test("says of an empty queue to try again, and after the end of the stream that it has ended")
    func end() throws {
        let queue = try ByteQueue()
        #expect(read(queue, 4) == (-1, [], true))
        queue.write([1])
        queue.endsWhenEmpty = true
        #expect(BIO_ctrl(queue.pointer, BIO_CTRL_EOF, 0, nil) == 0)
        #expect(read(queue, 4) == (1, [1], false))
        #expect(read(queue, 4) == (0, [], false))
        #expect(BIO_ctrl(queue.pointer, BIO_CTRL_EOF, 0, nil) == 1)
        #expect(BIO_ctrl(queue.pointer, BIO_CTRL_FLUSH, 0, nil) == 1)
    }

    @Test("leaves a BIO behind that has ended, where that lives longer")
    func outlived() throws {
        var queue: ByteQueue? = try ByteQueue()
        let pointer = try #require(queue?.pointer)
        BIO_up_ref(pointer)
        defer { BIO_free(pointer) }
        queue = nil
        var byte: UInt8 = 0
        #expect(BIO_read(pointer, &byte, 1) == 0 && BIO_write(pointer, [1] as [UInt8], 1) <= 0)
        #expect(BIO_ctrl(pointer, BIO_CTRL_EOF, 0, nil) == 1)
    }
}
