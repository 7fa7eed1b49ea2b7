import Conformance
import Foundation
import Testing

@testable import ConformanceReports

@Suite("HTML report")
struct HTMLReportTests {
    private func text(_ report: RunReport) throws -> String {
        try HTMLReport(report, rules: SampleReport.rules).text
    }

    @Test("The page is as it was once read and found right")
    func golden() throws {
        try GoldenFile(name: "mixed.html").expect(text(SampleReport.mixed))
    }

    @Test("It needs nothing else: no address but those of citations, which nothing loads")
    func selfContained() throws {
        let page = try text(SampleReport.mixed)
        #expect(page.ranges(of: "<script src").isEmpty && page.ranges(of: "<img").isEmpty)
        #expect(page.ranges(of: "@import").isEmpty && page.ranges(of: "url(").isEmpty)
        let addresses = page.matches(of: /https?:\/\/[^"<\s]*/).map { String($0.0) }
        #expect(
            Set(addresses) == [
                "https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3",
                "https://www.rfc-editor.org/rfc/rfc5280#section-6.1",
                "https://www.rfc-editor.org/rfc/rfc6066#section-3",
            ]
        )
    }

    @Test("No text of a stack or a scenario becomes markup, in the page or in the data of its script")
    func hostile() throws {
        let hostile = SampleReport.hostile + "</script><script>alert(1)</script><!--"
        let report = SampleReport.report(
            [SampleReport.result("a", scenario: hostile, verdict: .failed, reason: hostile, detail: hostile)],
            findings: [hostile]
        )
        let page = try text(report)
        let plain = try text(
            SampleReport.report(
                [SampleReport.result("a", scenario: "plain", verdict: .failed, reason: "r")],
                findings: ["f"]
            )
        )
        for element in ["<script", "</script", "<b>", "<!--", "<details", "<table"] {
            #expect(page.ranges(of: element).count == plain.ranges(of: element).count, "\(element)")
        }
        let data = try #require(page.firstMatch(of: /id="data">(.*?)<\/script>/.dotMatchesNewlines())?.1)
        let object = try #require(JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        #expect((object["s"] as? [String])?.contains(hostile) == true, "and it is there as it was")
    }

    @Test("10,000 cases take less than 4 MiB")
    func size() throws {
        let cases = (0..<10_000).map { SampleReport.result("RequireAndVerify/c\($0)/tls1.3", detail: "serial \($0)") }
        #expect(try text(SampleReport.report(cases)).utf8.count < 4 << 20)
    }
}

@Suite("Citations in the HTML report")
struct CitationTests {
    @Test(
        "RFC sections and CVEs lead to where they are, words stay words",
        arguments: [
            (
                "RFC 8446 section 4.4.2.4; RFC 5246 section 7.4.6",
                [
                    "RFC 8446 section 4.4.2.4>https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2.4", "; >",
                    "RFC 5246 section 7.4.6>https://www.rfc-editor.org/rfc/rfc5246#section-7.4.6",
                ]
            ),
            (
                "RFC 5280 section 6.1.3 (a)(2); RFC 8446 6.2",
                [
                    "RFC 5280 section 6.1.3>https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3", " (a)(2)>", "; >",
                    "RFC 8446 6.2>https://www.rfc-editor.org/rfc/rfc8446#section-6.2",
                ]
            ),
            ("RFC 4343", ["RFC 4343>https://www.rfc-editor.org/rfc/rfc4343"]),
            ("CVE-2025-23419", ["CVE-2025-23419>https://www.cve.org/CVERecord?id=CVE-2025-23419"]),
            ("Go x509.HostnameError", ["Go x509.HostnameError>"]),
        ]
    )
    func pieces(citation: String, pieces: [String]) {
        #expect(Citation(citation).pieces.map { "\($0.text)>\($0.address ?? "")" } == pieces)
    }
}

@Suite("Time lines in the HTML report")
struct CaseTimelineTests {
    @Test("Flights stand in the order of the protocol, and both sides' ends after them")
    func rejected() {
        let result = SampleReport.result("RequireAndVerify/expired/tls1.3", rejected: true)
        #expect(
            CaseTimeline(result, showsDetail: true).entries.map { "\($0.lane) \($0.text)" } == [
                "heading Connection",
                "toServer ClientHello, no server_name",
                "toClient alert 45 certificate_expired",
                "server did not accept, noticed in the handshake, for expired",
                "client did not accept, noticed in its first read",
            ]
        )
    }

    @Test("Connections are numbered, and a rotation between two is said")
    func rotation() {
        var result = SampleReport.result("a", detail: "a stack's words")
        for name in ["old", "new"] {
            var server = SideObservation(accepted: true, reachedHandshake: true)
            server.presented = CertificateSighting(name: name, serial: "1")
            result.observed.server.append(server)
        }
        result.observed.server.removeFirst()
        let entries = CaseTimeline(result, showsDetail: false).entries
        #expect(
            entries.filter { $0.lane == .heading }.map(\.text) == [
                "Connection 1", "Connection 2, the server rotated from old to new",
            ]
        )
        #expect(entries.allSatisfy { !$0.text.contains("a stack's words") })
    }

    @Test("A case without a connection says so")
    func empty() {
        var result = SampleReport.result("a")
        result.observed = Observed()
        #expect(CaseTimeline(result, showsDetail: true).entries.map(\.text) == ["no connection was observed"])
    }
}
