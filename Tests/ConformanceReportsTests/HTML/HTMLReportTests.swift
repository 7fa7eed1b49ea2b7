import ConformanceModel
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
        #expect((object["s"] as? [String])?.contains(SingleLine.each(hostile)) == true, "and it is there, safe to show")
    }

    @Test("Stacks stand beside groups of rules, holes first, and a run without profiles has no such section")
    func profiles() throws {
        var leaky = InferredProfile()
        leaky.rules = [
            "purpose/any": .init(answer: .refuses, class: .stricter, side: .server, count: 3, cases: ["b/1"]),
            "path/expired": .init(answer: .accepts, class: .hole, side: nil, count: 1_200, cases: ["a/<1>"]),
        ]
        leaky.kept = ["path/valid", "path/signature"]
        leaky.undecided = ["name/dns-match"]
        leaky.nearest = [.init(stack: Stack(rawValue: "openssl"), agreement: 0.5)]
        var report = SampleReport.report([])
        report.profiles = ["leaky": leaky, "good": InferredProfile()]
        let page = try text(report)
        let holes = try #require(page.range(of: "<caption>Holes</caption>"))
        let groups = try #require(page.range(of: "<table class=\"rules\" id=\"profiles\">"))
        #expect(holes.lowerBound < groups.lowerBound)
        #expect(
            page.contains(
                "<tr class=\"bad\"><th scope=\"row\">leaky</th><td>path/expired</td><td class=\"number\">1,200</td>"
                    + "<td><a href=\"#case=a/&lt;1&gt;\">a/&lt;1&gt;</a></td></tr>"
            )
        )
        #expect(page.contains("<th scope=\"col\">path</th><th scope=\"col\">purpose</th>"))
        #expect(
            page.contains(
                "<tr><th scope=\"row\">leaky</th><td class=\"number bad\">2/3 ‼</td><td class=\"number deviated\">0/1</td>"
                    + "<td class=\"number\">1</td><td class=\"number \">0</td><td>openssl 50%</td></tr>"
            )
        )
        #expect(page.contains("<th scope=\"row\">good</th><td class=\"number \">–</td>"))
        #expect(try !text(SampleReport.report([])).contains("profiles-title"))
    }

    @Test("Rotations stand moment by moment, and each change leads to its cases")
    func rotations() throws {
        let page = try text(SampleReport.report(RotationSample.cases))
        #expect(page.contains("<summary>Rotation, moment by moment</summary>"))
        #expect(page.contains("<summary>rotation/sample</summary>"))
        #expect(
            page.contains(##"<a href="#q=rotation/sample/%20/server/">server</a></th><td>before-client-hello</td>"##)
        )
        #expect(try !text(SampleReport.mixed).contains("moment by moment"))
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

    private func entries(_ steps: [Step], _ connections: Int) -> [String] {
        var result = SampleReport.result("a")
        result.steps = steps
        result.observed = Observed()
        for index in 0..<connections {
            var server = SideObservation(accepted: true, reachedHandshake: true)
            server.received = CertificateSighting(name: "client-\(index)", serial: "1")
            var client = SideObservation(accepted: true, reachedHandshake: true)
            client.received = CertificateSighting(name: "server-\(index)", serial: "2")
            client.certificateRequested = true
            result.observed.server.append(server)
            result.observed.client.append(client)
        }
        return CaseTimeline(result, showsDetail: false).entries.map { "\($0.lane) \($0.text)" }
    }

    private func connection(_ index: Int, number: Int?, with step: String? = nil, at place: Int = 0) -> [String] {
        var flights = [
            "toServer ClientHello, no server_name", "toClient Certificate server-\(index)",
            "toClient CertificateRequest", "toServer Certificate client-\(index)", "server accepted",
            "client accepted",
        ]
        if let step { flights.insert(step, at: place) }
        return ["heading Connection" + (number.map { " \($0)" } ?? "")] + flights
    }

    @Test(
        "A change within a handshake stands between its flights, at its phase",
        arguments: [
            (Phase.beforeClientHello, 0, "before the first byte"),
            (.clientHelloFirstByte, 0, "at the first byte of the ClientHello"),
            (.clientHelloAllButLastByte, 0, "before the last byte of the ClientHello"),
            (.clientHelloProcessed, 1, "once the ClientHello was processed"),
            (.clientFlightSent, 3, "once the client had answered"),
            (.clientFlightProcessed, 4, "once the server had read the client's answer"),
            (.established, 6, "once both had finished the handshake"),
            (.closed, 6, "once both had closed"),
        ]
    )
    func phases(phase: Phase, place: Int, moment: String) {
        let rotation = Rotation(side: .server, .identity("other"), at: phase)
        let step = "step the server's identity becomes other, \(moment)"
        #expect(entries([.connect, .rotate(rotation)], 1) == connection(0, number: nil, with: step, at: place))
    }

    @Test("Every other step stands between the connections, in its own words")
    func steps() {
        let steps: [Step] = [
            .connect, .exchange, .close, .rotate(Rotation(side: .server, .clientCAs(["old", "new"]))),
            .rotate(Rotation(side: .server, .clientAuth(.requireAnyClientCert))),
            .rotate(Rotation(side: .client, .revocationLists([]))), .restart(.client), .advanceClock(seconds: 7200),
            .advanceClock(seconds: 61), .reconnect(resume: true), .exchange,
        ]
        let between = [
            "data both ways", "close_notify from both sides", "the server's clientCAs becomes old new",
            "the server's clientAuth becomes RequireAnyClientCert", "the client's crl becomes nothing",
            "the client restarts", "both clocks move on by 2 h", "both clocks move on by 61 s",
        ]
        let expected =
            connection(0, number: 1) + between.map { "step \($0)" } + connection(1, number: 2)
            + ["step data both ways"]
        #expect(entries(steps, 2) == expected)
    }

    @Test("A case that was not played to its end ends where nothing more was observed")
    func unfinished() {
        let steps: [Step] = [.connect, .exchange, .connect, .exchange]
        #expect(
            entries(steps, 1) == connection(0, number: nil)
                + ["step data both ways", "step nothing more was observed"]
        )
    }

    @Test("A case without a connection says so")
    func empty() {
        var result = SampleReport.result("a")
        result.observed = Observed()
        #expect(CaseTimeline(result, showsDetail: true).entries.map(\.text) == ["no connection was observed"])
    }
}
