import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import ConformanceEngine

@Suite("The pipe of a worker's answers")
struct AnswerPipeTests {
    private struct Refusal: Error {}

    @Test("hands on whole lines in order, however they were cut into writes, and ends with the last writer")
    func lines() async throws {
        let pipe = try AnswerPipe()
        let seen = Mutex<[String]>([])
        async let reading: Void = pipe.lines { lines in
            seen.withLock { $0 += lines.map { String(decoding: $0, as: UTF8.self) } }
        }
        let other = try pipe.writeEnd.duplicate()
        for part in ["on", "e\ntw", "o\n", "\nlast\nunfinished"] { try pipe.writeEnd.writeAll(part.utf8) }
        try pipe.writeEnd.close()
        try other.writeAll(" line\n".utf8)
        try other.close()
        try await reading
        #expect(seen.withLock { $0 } == ["one", "two", "", "last", "unfinished line"])
    }

    @Test("hands on a line that is longer than a read")
    func longLine() async throws {
        let pipe = try AnswerPipe()
        let length = Mutex(0)
        async let reading: Void = pipe.lines { lines in
            length.withLock { $0 += lines.reduce(0) { $0 + $1.count } }
        }
        try pipe.writeEnd.writeAll(Array(repeating: UInt8(ascii: "x"), count: 1 << 17) + [JSONLine.lineFeed])
        try pipe.writeEnd.close()
        try await reading
        #expect(length.withLock { $0 } == 1 << 17)
    }

    @Test("ends with the error of whoever takes the lines, though the worker may write on")
    func refusal() async throws {
        let pipe = try AnswerPipe()
        defer { try? pipe.writeEnd.close() }
        try pipe.writeEnd.writeAll("line\n".utf8)
        await #expect(throws: Refusal.self) {
            try await pipe.lines { _ in throw Refusal() }
        }
    }

    @Test("is inherited by no program that is started without being given it")
    func inheritance() throws {
        let pipe = try AnswerPipe()
        defer { try? pipe.writeEnd.close() }
        #expect(fcntl(pipe.writeEnd.rawValue, F_GETFD) & FD_CLOEXEC != 0)
    }
}
