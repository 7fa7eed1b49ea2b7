import ConformanceCatalogue
import ConformanceModel
import ConformanceReports
import Testing

@Suite("The page of failure modes")
struct FailureModePageTests {
    private static let yaml = """
        failure-mode: cred-expired-client
        title: An expired <b>certificate</b>
        group: credential
        layer: handshake
        sources: ["https://example.test/1"]
        right: Refused.
        field: Served.
        verdict: The server refused.
        causes: [{cause: c, tell: t}]
        fix: {any: Renew.}
        play: {cases: ["client-auth/credentials/*/expired/*"], wrong: {mutant: ignoreExpiry}}
        """

    private func page(_ report: RunReport?) throws -> String {
        let mode = try FailureModeCatalogue.mode(yaml: Self.yaml, file: "failure-modes/cred-expired-client.yaml")
        return FailureModePage([mode], report: report).text
    }

    @Test("Each mode has its sources and both halves, and no markup of its texts takes effect")
    func catalogue() throws {
        let text = try page(nil)
        #expect(text.contains("1 documented failure modes; 1 are played.\n"))
        #expect(text.contains("### cred-expired-client\n\nAn expired &lt;b&gt;certificate&lt;/b&gt;."))
        #expect(text.contains("- sources: <https://example.test/1>"))
        #expect(text.contains("- right half: `client-auth/credentials/*/expired/*`\n"))
        #expect(text.contains("- wrong half: the mutant `ignoreExpiry` turns cases of it red"))
    }

    @Test("With a run each mode tells how its cases ended")
    func outcomes() throws {
        let right = SampleReport.result("RequireAndVerify/expired/tls1.3")
        let wrong = SampleReport.result("VerifyIfGiven/expired/tls1.3", verdict: .failed)
        #expect(try page(SampleReport.report([right])).contains("; 1 cases, all as expected"))
        #expect(try page(SampleReport.report([right, wrong])).contains("; **1 of 2 cases unexpected**"))
        #expect(try page(SampleReport.report([])).contains("; not in this run"))
    }
}
