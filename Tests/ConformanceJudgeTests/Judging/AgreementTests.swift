import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("Scenarios are held against the oracle")
struct AgreementTests {
    private func disagreements(_ change: (inout ConformanceCase) -> Void) -> [String] {
        var fixture = CaseFixture()
        fixture.credential = "untrusted"
        var testCase = fixture.conformanceCase
        var control = Control(server: testCase.server, client: testCase.client)
        control.client.identity = "client"
        testCase.control = control
        change(&testCase)
        return Agreement.disagreements(
            of: [testCase],
            expecting: [Oracle().expectation(for: testCase)],
            oracle: Oracle()
        )
    }

    @Test("A statement that the oracle derives, with a good control, is no disagreement")
    func agrees() {
        let stated = StatedExpectation(outcome: .rejected, rules: ["path/unknown-authority"])
        #expect(disagreements { $0.statedExpectation = stated } == [])
    }

    @Test("Another outcome than the oracle's is told with the rules that decide")
    func otherOutcome() throws {
        let found = disagreements { $0.statedExpectation = .accepted }
        let message = try #require(found.first)
        #expect(message.hasPrefix("fixture/case: the scenario states accepted, and the oracle derives rejected by "))
        #expect(message.contains("path/unknown-authority"))
    }

    @Test("A rule that does not decide is told")
    func otherRule() {
        let stated = StatedExpectation(outcome: .rejected, rules: ["path/expired"])
        let found = disagreements { $0.statedExpectation = stated }
        #expect(found.count == 1 && found[0].contains("the scenario states that path/expired decides"))
    }

    @Test("A case that must be refused needs a control, and one that is accepted")
    func control() {
        #expect(
            disagreements { $0.control = nil } == [
                "fixture/case: a case that must be refused needs a `control` that is accepted"
            ]
        )
        #expect(
            disagreements { $0.control?.client.identity = "untrusted" } == [
                "fixture/case: its `control` must be accepted, and the oracle derives a refusal"
            ]
        )
    }
}
