import ConformanceModel
import Testing

@testable import Peers

@Suite("The conversation on an established connection")
struct DialogueTests {
    @Test("An answer is known by its first line, before its server hangs up")
    func firstLine() {
        var dialogue = Dialogue(.request, side: .client)
        _ = dialogue.hear(Array("HTTP/1.1 200 OK\r\n".utf8))
        #expect(dialogue.progress == .complete)
        #expect(dialogue.answer == .status(200))
    }

    @Test("Half of the first line says nothing")
    func halfOfALine() {
        var dialogue = Dialogue(.request, side: .client)
        _ = dialogue.hear(Array("HTTP/1.1 20".utf8))
        #expect(dialogue.progress == .waiting)
        _ = dialogue.hear(Array("4 No Content\r\n".utf8))
        #expect(dialogue.answer == .status(204))
    }

    @Test("Another status than the good client's is a refusal, but for a success")
    func otherStatus() {
        let terms = RequestTerms(measure: .status(200))
        var refused = Dialogue(.request, side: .client, terms: terms)
        _ = refused.hear(Array("HTTP/1.1 403 Forbidden\r\n\r\n<html></html>\n".utf8))
        #expect(refused.progress == .refused("HTTP/1.1 403 Forbidden"))
        var taken = Dialogue(.request, side: .client, terms: terms)
        _ = taken.hear(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
        #expect(taken.progress == .complete)
    }
}
