import Testing

@testable import Peers

@Suite("The ear for clients without TLS")
struct PlaintextEarTests {
    private static let hello: [UInt8] = [22, 3, 1, 0, 2, 1, 0]
    private static let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)

    @Test("A ClientHello goes through in pieces of any size", arguments: [1, 2, 7])
    func clientHello(size: Int) {
        var ear = PlaintextEar()
        var passed: [UInt8] = []
        for start in stride(from: 0, to: Self.hello.count, by: size) {
            passed += ear.takeTLS(of: Array(Self.hello[start..<min(start + size, Self.hello.count)]))
        }
        #expect(passed == Self.hello)
        #expect(!ear.hasHeard)
        #expect(ear.answer() == nil)
    }

    @Test("A request before the ClientHello is heard, and the ClientHello goes through")
    func requestFirst() {
        var ear = PlaintextEar()
        #expect(ear.takeTLS(of: Self.request + Self.hello) == Self.hello)
        #expect(ear.hasHeard)
        #expect(ear.answer() == nil)
    }

    @Test("A request without TLS is answered once, when it is whole")
    func requestAlone() throws {
        var ear = PlaintextEar()
        #expect(ear.takeTLS(of: Array(Self.request.dropLast(3))) == [])
        #expect(ear.answer() == nil)
        #expect(ear.takeTLS(of: Array(Self.request.suffix(3))) == [])
        let given = ear.answer()
        let answer = try #require(given)
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(ear.answer() == nil)
        #expect(ear.hasHeard && ear.hasAnswered)
    }
}
