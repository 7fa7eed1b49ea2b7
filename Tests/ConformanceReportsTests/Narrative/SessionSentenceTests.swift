import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("Sessions in sentences")
struct SessionSentenceTests {
    private func sentence(resumed: Bool?, declinedBy: [Side]? = nil) -> String {
        ExpectationSentence(
            ConnectionExpectation(
                outcome: .accepted,
                server: SideExpectation(),
                client: SideExpectation(),
                resumed: resumed,
                declinedBy: declinedBy
            )
        ).text
    }

    @Test("What becomes of a session is told where one is offered")
    func expected() {
        #expect(sentence(resumed: false) == "accepted")
        #expect(sentence(resumed: true) == "accepted, resumed")
        #expect(sentence(resumed: nil) == "accepted, resumed or in full")
        #expect(
            sentence(resumed: false, declinedBy: [.server])
                == "accepted, in full, since the server must decline the session"
        )
        #expect(
            sentence(resumed: false, declinedBy: [.server, .client])
                == "accepted, in full, since the server and the client must decline the session"
        )
    }

    @Test("A list of cases says which connection is resumed")
    func permitted() {
        let connections = [false, true].map {
            ConnectionExpectation(
                outcome: .accepted,
                server: SideExpectation(),
                client: SideExpectation(),
                resumed: $0
            )
        }
        let text = PermittedOutcome(CaseExpectation(connections: connections, rules: [])).text
        #expect(text == "accepted, then accepted (resumed)")
    }

    @Test("A side that resumed says so")
    func seen() {
        var side = SideObservation(accepted: true, reachedHandshake: true)
        side.resumed = true
        #expect(ObservationSentence(side, of: .gnutls).text == "(gnutls) accepted, resumed")
    }
}
