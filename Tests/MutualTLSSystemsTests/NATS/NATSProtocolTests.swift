import NIOCore
import Testing

@testable import MutualTLSSystems

@Suite("The NATS protocol")
struct NATSProtocolTests {
    private static let operations: [NATSOperation] = [
        .info("{\"a\":1}"), .connect("{\"verbose\":false}"), .ping, .pong, .ok, .error("Slow Consumer"),
        .publish(NATSMessage(subject: "a.b", payload: ByteBuffer(string: "PING\r\n"))),
        .publish(NATSMessage(subject: "a", reply: "r", payload: ByteBuffer())),
        .publish(
            NATSMessage(
                subject: "a",
                reply: "r",
                payload: ByteBuffer(string: "x"),
                headers: ByteBuffer(string: "NATS/1.0\r\nA: 1\r\n\r\n")
            )
        ),
        .message(.noResponders(for: "r"), subscription: "3"),
        .message(NATSMessage(subject: "a", payload: ByteBuffer(string: "x")), subscription: "1"),
        .message(NATSMessage(subject: "a", reply: "r", payload: ByteBuffer(string: "\r\n")), subscription: "2"),
        .subscribe(subject: "a.*", queue: nil, subscription: "1"),
        .subscribe(subject: "a.>", queue: "q", subscription: "2"), .unsubscribe(subscription: "1", after: nil),
        .unsubscribe(subscription: "1", after: 3),
    ]

    /// Feeds bytes in pieces, and returns the operations that they are.
    private static func decode(_ bytes: ByteBuffer, pieces: Int) throws -> [NATSOperation] {
        var rest = bytes
        var decoder = NATSDecoder()
        var buffer = ByteBuffer()
        var operations: [NATSOperation] = []
        while var piece = rest.readSlice(length: min(pieces, rest.readableBytes)), piece.readableBytes > 0 {
            buffer.writeBuffer(&piece)
            while let operation = try decoder.next(&buffer) { operations.append(operation) }
        }
        return operations
    }

    @Test("is read as it is written, in whatever pieces it comes", arguments: [1, 7, 1 << 20])
    func roundTrip(pieces: Int) throws {
        var bytes = ByteBuffer()
        for operation in Self.operations { operation.write(to: &bytes) }
        #expect(try Self.decode(bytes, pieces: pieces) == Self.operations)
    }

    @Test(
        "is refused where it is none, or asks for too much, in the words of nats-server",
        arguments: [
            ("GET / HTTP/1.1\r\n", "Unknown Protocol Operation"), ("\r\n", "Unknown Protocol Operation"),
            ("NONSENSE", "Unknown Protocol Operation"), ("PUB a\r\n", nil), ("PUB a -1\r\n", nil),
            ("PUB a 1048577\r\n", "Maximum Payload Violation"), ("PUB a x\r\n", nil),
            ("PUB a 1\r\nabc\r\n", "Unknown Protocol Operation"), ("SUB a\r\n", nil), ("SUB a b c d\r\n", nil),
            ("MSG a 1\r\n", nil), ("UNSUB\r\n", nil), ("HPUB a 3\r\n", nil), ("HPUB a 4 3\r\n", nil),
            ("SUB \(String(repeating: "a", count: 5_000)) 1\r\n", "maximum control line exceeded"),
            ("SUB \(String(repeating: "a", count: 5_000))", "maximum control line exceeded"),
        ] as [(String, String?)]
    )
    func refused(text: String, answer: String?) {
        let violation = #expect(throws: NATSViolation.self) {
            try Self.decode(ByteBuffer(string: text), pieces: 1 << 20)
        }
        #expect(violation?.answer == answer)
        #expect(violation?.error.code == .protocolError)
    }

    @Test("is refused where a line isn't UTF-8, which would come out as another subject")
    func notUTF8() {
        let violation = #expect(throws: NATSViolation.self) {
            try Self.decode(ByteBuffer(bytes: Array("PUB a".utf8) + [0xFF] + Array(" 0\r\n\r\n".utf8)), pieces: 7)
        }
        #expect(violation?.answer == nil)
    }

    @Test("survives every single changed byte")
    func changedBytes() async throws {
        var bytes = ByteBuffer()
        for operation in Self.operations { operation.write(to: &bytes) }
        var taken = 0
        for index in 0..<bytes.readableBytes {
            for value in [UInt8(0), 0x0A, 0x20, 0x2D, 0x39, 0xFF] {
                var changed = bytes
                changed.setInteger(value, at: index)
                if let operations = try? Self.decode(changed, pieces: 64) { taken += operations.count }
            }
            await Task.yield()
        }
        #expect(taken > 0)
    }

    @Test(
        "matches subjects by token",
        arguments: [
            ("a.b", "a.b", true), ("a.b", "a.c", false), ("a.*", "a.b", true), ("a.*", "a", false),
            ("a.*", "a.b.c", false), ("a.>", "a.b.c", true), ("a.>", "a", false), (">", "a.b", true),
            ("*.b", "a.b", true), ("a", "A", false),
        ]
    )
    func subjects(pattern: String, literal: String, matches: Bool) throws {
        let subscribed = try #require(NATSSubject(pattern))
        #expect(subscribed.matches(try #require(NATSSubject(literal))) == matches)
    }

    @Test("knows no subject with an empty token or a misplaced wildcard", arguments: ["", ".", "a..b", "a.", ">.a"])
    func invalidSubjects(text: String) {
        #expect(NATSSubject(text) == nil)
    }

    @Test("has configurations that end in settings or an error, wherever they are cut")
    func cutConfigurations() async throws {
        let text =
            "listen: \"a:1\"\ntls { cert_file: '/a', pinned_certs: [\"x\\x41\\n\", b] # c\n timeout = 2s; verify on }\n"
        var refused = 0
        for count in 0...text.count {
            if (try? NATSConfiguration(parsing: String(text.prefix(count)))) == nil { refused += 1 }
            if (try? NATSConfiguration(parsing: String(text.dropFirst(count)))) == nil { refused += 1 }
            await Task.yield()
        }
        #expect(refused > text.count / 2)
    }

    @Test("A subject is its bytes, whatever letters Unicode calls equal")
    func subjectBytes() throws {
        // LATIN SMALL LETTER E WITH ACUTE, and an e with an accent behind it.
        let composed = try #require(NATSSubject("caf\u{E9}.x"))
        let decomposed = try #require(NATSSubject("cafe\u{301}.x"))
        #expect(composed != decomposed)
        #expect(!composed.matches(decomposed) && composed.matches(composed))
        #expect(try #require(NATSSubject("*.x")).matches(decomposed))
        // An accent behind the dot is a token, and no part of the dot.
        #expect(try #require(NATSSubject("a.\u{301}b")).isLiteral)
        #expect(try #require(NATSSubject("a.>")).matches(try #require(NATSSubject("a.\u{301}b"))))
    }
}
