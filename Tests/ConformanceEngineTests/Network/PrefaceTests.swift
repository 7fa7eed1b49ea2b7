import ConformanceModel
import Testing

@testable import Peers

@Suite("Protocols that begin in plaintext")
struct PrefaceTests {
    @Test("HTTP and greetings begin with TLS", arguments: [Conversation.greeting, .http, .request])
    func none(_ conversation: Conversation) {
        #expect(Preface(conversation) == nil)
    }

    @Test("NATS begins with a line of the server, and what comes behind it is TLS")
    func line() throws {
        var preface = try #require(Preface(.nats))
        #expect(preface.opening.isEmpty)
        #expect(preface.hear(Array("INFO {".utf8)) == nil)
        #expect(preface.hear(Array("}\r\n".utf8) + [22, 3]) == .reached([22, 3]))
    }

    @Test("PostgreSQL is asked for TLS, and says S or something else")
    func postgres() throws {
        var preface = try #require(Preface(.postgres))
        #expect(preface.opening == [0, 0, 0, 8, 4, 210, 22, 47])
        #expect(preface.hear([]) == nil)
        #expect(preface.hear(Array("S".utf8)) == .reached([]))
        var other = try #require(Preface(.postgres))
        #expect(other.hear(Array("N".utf8)) == .refused("it answers SSLRequest without S: it takes no TLS"))
    }
}

@Suite("PostgreSQL's answer to a client")
struct PostgresDialogueTests {
    private static func message(_ kind: String, _ body: [UInt8]) -> [UInt8] {
        let length = body.count + 4
        return Array(kind.utf8) + [0, 0, UInt8(length >> 8), UInt8(length & 255)] + body
    }

    private static func failure(_ code: String) -> [UInt8] {
        message("E", Array("SFATAL\0C\(code)\0Mconnection requires a valid client certificate\u{1B}[2J\0\0".utf8))
    }

    @Test(
        "A request for a password and a missing database let in; an error, and another protocol, do not",
        arguments: [
            (message("R", [0, 0, 0, 0]), Dialogue.Progress.complete),
            (message("R", [0, 0, 0, 10]), .complete),
            (failure("3D000"), .complete),
            (failure("28000"), .refused("28000 connection requires a valid client certificate\\u{1B}[2J")),
            (Array("HTTP/1.1 400 Bad Request\r\n".utf8), .refused("it answers in another protocol")),
            (message("Z", [73]), .refused("it answers in another protocol")),
        ]
    )
    func decision(_ bytes: [UInt8], _ expected: Dialogue.Progress) {
        var dialogue = Dialogue(.postgres, side: .client)
        _ = dialogue.hear(Array(bytes.prefix(3)))
        _ = dialogue.hear(Array(bytes.dropFirst(3)))
        #expect(dialogue.progress == expected)
    }

    @Test("Half a message says nothing yet")
    func half() {
        #expect(PostgresDialogue.decision([]) == nil)
        #expect(PostgresDialogue.decision(Array(Self.failure("28000").dropLast())) == nil)
        #expect(
            PostgresDialogue.decision(Array("R".utf8) + [0, 0, 0, 3]) == .refused("it answers in another protocol")
        )
    }

    @Test("The startup message names the user and the database, and its own length")
    func startup() {
        let bytes = PostgresDialogue.startup(user: "ann")
        #expect(Int(bytes[3]) == bytes.count)
        #expect(Array(bytes[4..<8]) == [0, 3, 0, 0])
        #expect(Array(bytes[8...]) == Array("user\0ann\0database\0ann\0\0".utf8))
    }
}
