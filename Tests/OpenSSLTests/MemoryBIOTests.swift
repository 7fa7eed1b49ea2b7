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
