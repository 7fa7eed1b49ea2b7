import ConformanceCatalogue
import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("The failure modes of a run's report")
struct FailureModeSectionTests {
    private func mode(_ id: String, play: FailureMode.Play) throws -> FailureMode {
        let yaml = """
            failure-mode: \(id)
            title: A <b>title</b> of \(id)
            group: credential
            layer: handshake
            sources: ["https://example.test/\(id)"]
            right: Refused.
            field: Served.
            verdict: The server refused.
            causes: [{cause: c, tell: t}]
            fix: {any: Renew.}
            play: {not-played: It takes nginx.}
            """
        var mode = try FailureModeCatalogue.mode(yaml: yaml, file: "failure-modes/\(id).yaml")
        mode.play = play
        return mode
    }

    /// One of each kind, over a run with a green case, a red one and one that deviates.
    private func report() throws -> RunReport {
        let cases = [
            SampleReport.result("RequireAndVerify/valid/tls1.3"),
            SampleReport.result("RequireAndVerify/expired/tls1.3", verdict: .failed),
            SampleReport.result(
                "Request/expired/tls1.2",
                server: .gnutls,
                verdict: .deviated,
                deviation: "gnutls: one-alert, gnutls: other"
            ),
        ]
        var report = SampleReport.report(cases)
        var modes = try [
            mode("a-green", play: .cases(globs: ["client-auth/*/valid/*"], wrong: .mutant("ignoreExpiry"))),
            mode("b-red", play: .cases(globs: ["client-auth/*/RequireAndVerify"], wrong: .mutant("ignoreExpiry"))),
            mode("c-deviates", play: .cases(globs: ["*/Request/*"], wrong: .profile(stack: .gnutls, name: "other"))),
            mode("d-absent", play: .cases(globs: ["nowhere/*"], wrong: .mutant("ignoreExpiry"))),
            mode("e-told", play: .reason("It takes nginx.")),
        ].map { FailureModeOutcome($0, results: report.cases) }
        modes[0].seenIn = report.cases[0].id
        report.failureModes = modes
        return report
    }

    @Test("Others that say why not are told of where there are any")
    func others() throws {
        let outcomes = try #require(try report().failureModes)
        let all = FailureModeWords.summary(outcomes)
        #expect(all.hasPrefix("Of 5 documented failure modes, 4 are played: "))
        #expect(all.hasSuffix(". The others say why not."))
        let played = FailureModeWords.summary(outcomes.filter { $0.notPlayed == nil })
        #expect(played.hasPrefix("Of 4 documented failure modes, 4 are played: "))
        #expect(!played.contains("others"))
    }

    @Test("The verdicts come from the run: green, red, seen by a deviation, without a case, and not played")
    func verdicts() throws {
        let words = try #require(try report().failureModes).map(FailureModeWords.init)
        #expect(
            words.map(\.right) == [
                "green: 1 case, all as expected", "red: 1 of 2 cases unexpected", "green: 1 case, all as expected",
                "no case of this run", "not played: It takes nginx.",
            ]
        )
        #expect(words.map(\.rightState) == [.good, .bad, .good, .none, .none])
        #expect(words[0].wrong.hasPrefix("seen: the library with ignoreExpiry turns client-auth/credentials/"))
        #expect(words[1].wrong == "not seen in this run: the library with ignoreExpiry")
        #expect(
            words[2].wrong.hasPrefix(
                "seen: gnutls, by what its profile says of other turns client-auth/credentials/Request"
            )
        )
        #expect(words.map(\.wrongState) == [.good, .bad, .good, .none, .none])
    }

    @Test("Markdown and HTML have each mode with both halves and its sources, and no markup of a text takes effect")
    func renderings() throws {
        let report = try report()
        let markdown = MarkdownReport(report, rules: SampleReport.rules).text
        #expect(markdown.contains("## Failure modes\n\nOf 5 documented failure modes, 4 are played: 2 are green"))
        #expect(markdown.contains("<code>a-green</code> A &lt;b&gt;title&lt;/b&gt; of a-green | green: 1 case"))
        #expect(markdown.contains("<https://example.test/e-told>"))
        let html = try HTMLReport(report, rules: SampleReport.rules).text
        #expect(html.contains("<h2 id=\"failure-modes-title\">Failure modes</h2>"))
        #expect(
            html.contains("<a href=\"https://example.test/b-red\" rel=\"noreferrer\">https://example.test/b-red</a>")
        )
        #expect(html.contains("A &lt;b&gt;title&lt;/b&gt; of a-green"))
        #expect(!html.contains("A <b>title"))
        #expect(html.contains("<td class=\"bad\">red: 1 of 2 cases unexpected</td>"))
    }

    @Test("A run that didn't look at them has no section")
    func absent() throws {
        #expect(!MarkdownReport(SampleReport.mixed, rules: []).text.contains("Failure modes"))
        #expect(try !HTMLReport(SampleReport.mixed, rules: []).text.contains("failure-modes-title"))
    }

    @Test("They are written to JSON and read back, and shards are put together by id")
    func json() throws {
        let report = try report()
        let read = try ResultsJSON.decode(try ResultsJSON.encode(report), from: "results.json")
        #expect(read.failureModes == report.failureModes)
        let parts = try #require(report.failureModes)
        var other = parts
        other[1].seenIn = "x"
        let merged = FailureModeOutcome.merged([parts, other])
        #expect(merged.map(\.id) == parts.map(\.id))
        #expect(merged.map(\.cases) == [2, 4, 2, 0, 0])
        #expect(merged[1].unexpected == 2)
        #expect(merged[1].seenIn == "x")
    }

    @Test("Of the cases that two shards name, the first in their order stands for the failure mode, whoever had it")
    func named() throws {
        let ids = ["a/1", "b/1"].sorted { NamingOrder($0) < NamingOrder($1) }
        let shards = try ids.map { id in
            var shard = try #require(try report().failureModes)
            shard[1].seenIn = id
            return shard
        }
        #expect(FailureModeOutcome.merged(shards)[1].seenIn == ids[0])
        #expect(FailureModeOutcome.merged(shards.reversed())[1].seenIn == ids[0])
    }
}
