import Testing

@testable import ConformanceJudge
@testable import ConformanceModel

@Suite("Results that are read back")
struct ResultCheckTests {
    /// A client without a certificate, whom the server must refuse, as the judge writes it down.
    private static func refusal() -> CaseResult {
        var fixture = CaseFixture()
        fixture.credential = nil
        let testCase = fixture.conformanceCase
        var server = SideObservation(accepted: false, reachedHandshake: true)
        server.noticed = .handshake
        server.reason = "no-certificate"
        server.alertSent = .certificateRequired
        server.presented = CertificateSighting(name: "server", serial: "01")
        server.sni = "server.test"
        var client = SideObservation(accepted: false, reachedHandshake: true)
        client.noticed = .firstRead
        client.reason = "peer-alert"
        client.alertReceived = .certificateRequired
        client.received = server.presented
        client.verified = true
        client.verifiedChainLength = 2
        client.sni = "server.test"
        client.certificateRequested = true
        client.acceptableCAs = ["root"]
        client.version = .tls13
        return CaseResult(
            id: testCase.id,
            scenario: testCase.scenario,
            axes: ["tls": "1.3"],
            server: .countersign,
            client: .gnutls,
            verdict: .passed,
            expected: Oracle().expectation(for: testCase).connections,
            rules: [],
            observed: Observed(server: [server], client: [client]),
            reason: nil,
            deviation: nil,
            durationMs: 1
        )
    }

    @Test("A result that says what was seen is left alone")
    func honest() {
        #expect(ResultCheck.contradiction(in: Self.refusal()) == nil)
    }

    @Test("A case that let in whom it must refuse can't have passed, whatever the file says")
    func edited() {
        var result = Self.refusal()
        result.observed.server[0] = SideObservation(accepted: true, reachedHandshake: true)
        #expect(
            ResultCheck.contradiction(in: result)
                == "server: expected the connection to be refused (no-certificate), saw it accepted"
        )
        var lost = Self.refusal()
        lost.observed = Observed()
        #expect(ResultCheck.contradiction(in: lost)?.hasPrefix("1 connections are expected") == true)
    }

    @Test("A played case can't be unsupported, and no other verdict stands without its reason")
    func others() {
        var result = Self.refusal()
        result.verdict = .unsupported
        result.reason = "no words for it"
        #expect(ResultCheck.contradiction(in: result) == "its connections were observed, so it was played")
        for verdict in [Verdict.failed, .deviated, .timedOut, .crashed, .errored] {
            result.verdict = verdict
            #expect(ResultCheck.contradiction(in: result) == nil)
            result.reason = nil
            #expect(ResultCheck.contradiction(in: result) == "it gives no reason")
            result.reason = "one"
        }
    }

    @Test("Totals that don't count the cases are named")
    func totals() {
        var report = RunReport(
            tool: Tool(name: "countersign", version: "1"),
            environment: [:],
            seed: 1,
            started: "",
            isComplete: true,
            findings: [],
            cases: [Self.refusal()],
            rules: [:],
            durationMs: 1
        )
        #expect(ResultCheck.contradictions(in: report).isEmpty)
        report.totals = Totals([])
        #expect(ResultCheck.contradictions(in: report) == ["the totals are not those of the 1 cases"])
    }
}
