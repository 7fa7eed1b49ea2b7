import ConformanceModel
import Foundation
import Testing

@testable import ConformanceReports

@Suite("results.json")
struct ResultsJSONTests {
    @Test("A report that is written and read back is the same report")
    func roundTrip() throws {
        let hostile = SampleReport.result("Request/valid/tls1.2", verdict: .failed, reason: SampleReport.hostile)
        for report in [SampleReport.mixed, SampleReport.report([]), SampleReport.report([hostile])] {
            #expect(try ResultsJSON.decode(ResultsJSON.encode(report), from: "results.json") == report)
        }
    }

    @Test("What plays a case alone, such as a target, is read back too")
    func options() throws {
        var report = SampleReport.mixed
        report.options = RunOptions(always: ["--target", "shop.test:443"], stacks: ["nginx": ["--peer", "nginx"]])
        #expect(try ResultsJSON.decode(ResultsJSON.encode(report), from: "results.json").options == report.options)
    }

    @Test("Each case is one line, with sorted keys and the names of the schema")
    func layout() throws {
        let text = String(
            decoding: try ResultsJSON.encode(SampleReport.report([SampleReport.result("A/b/tls1.3")])),
            as: UTF8.self
        )
        let lines = text.split(separator: "\n").map(String.init)
        #expect(
            lines[1...3] == [
                #"  "schema": 3,"#, #"  "tool": {"name":"countersign","version":"0.1.0"},"#,
                #"  "environment": {"countersign":"OpenSSL 3.0.19","gnutls":"3.7.9"},"#,
            ]
        )
        let line = try #require(lines.first { $0.hasPrefix("    {") })
        #expect(
            line
                == #"    {"axes":{"clientAuth":"A","credential":"b","tls":"tls1.3"},"client":"gnutls","durationMs":1.25,"#
                + #""expected":0,"id":"client-auth/credentials/A/b/tls1.3/countersign/gnutls","#
                + #""observed":{"client":[1],"server":[0]},"rules":0,"scenario":"client-auth/credentials","#
                + #""server":"countersign","verdict":"passed"}"#
        )
        #expect(
            lines.contains(
                #"  "shared": {"expected":[[{"client":{},"outcome":{"decision":"accepted","reasons":[]},"resumed":false,"#
                    + #""server":{"received":"expired"}}]],"observed":[{"accepted":true,"received":{"name":"expired"},"#
                    + #""receivedChainLength":1,"verified":true,"verifiedChainLength":2},{"accepted":true}],"#
                    + #""rules":[["client-auth.valid"]]},"#
            )
        )
    }

    @Test("What cases have in common is written once, however many cases have it")
    func shared() throws {
        let sizes = try [1000, 2000].map { count in
            let cases = (1000..<1000 + count).map { SampleReport.result("A/\($0)/tls1.3", verdict: .passed) }
            return try ResultsJSON.encode(SampleReport.report(cases)).count
        }
        #expect((sizes[1] - sizes[0]) / 1000 < 320)
    }

    @Test("Results of the schema in which each case holds everything are still read")
    func earlier() throws {
        let report = SampleReport.mixed
        let cases = String(decoding: try JSONEncoder().encode(report.cases), as: UTF8.self)
        let text = String(decoding: try ResultsJSON.encode(report), as: UTF8.self)
            .replacingOccurrences(of: "\"schema\": 3", with: "\"schema\": 2")
        let start = try #require(text.firstRange(of: "  \"cases\": ["))
        let old = text[..<start.lowerBound] + "\"cases\": \(cases)}"
        #expect(try ResultsJSON.decode(Data(old.utf8), from: "old.json") == report)
    }

    @Test("A position that shared has not is refused with its case and member")
    func outside() throws {
        let text = String(decoding: try ResultsJSON.encode(SampleReport.mixed), as: UTF8.self)
        for (member, from, to) in [
            ("rules", "\"rules\":0,", "\"rules\":9,"), ("expected", "\"expected\":0,", "\"expected\":-1,"),
        ] {
            let range = try #require(text.firstRange(of: from))
            let data = Data(text.replacingCharacters(in: range, with: to).utf8)
            let error = #expect(throws: ResultsError.self) { try ResultsJSON.decode(data, from: "r.json") }
            #expect(
                error?.description.hasPrefix("r.json: cases[0].\(member): shared.\(member) has ") == true,
                "\(error?.description ?? "")"
            )
        }
    }

    @Test("The steps of a case that does more than connect stand in its line, and are read back")
    func steps() throws {
        let rotation = Rotation(side: .server, .identity("b"), at: .established)
        var result = SampleReport.result("A/b/tls1.3")
        result.steps = [.connect, .rotate(rotation), .reconnect(resume: true)]
        let report = SampleReport.report([result])
        let data = try ResultsJSON.encode(report)
        #expect(
            String(decoding: data, as: UTF8.self).contains(
                #""steps":["connect",{"rotate":{"at":"established","side":"server","to":"b","what":"identity"}},"#
                    + #"{"reconnect":{"resume":true}}]"#
            )
        )
        #expect(try ResultsJSON.decode(data, from: "results.json") == report)
    }

    @Test("Two encodings of one report are the same bytes")
    func stable() throws {
        #expect(try ResultsJSON.encode(SampleReport.mixed) == ResultsJSON.encode(SampleReport.mixed))
    }

    @Test(
        "A file that is no report is refused with its name, the member and the expectation",
        arguments: [
            ("", "old.json: not JSON, or cut off: "),
            ("{\"schema\": 2, \"tool\"", "old.json: not JSON, or cut off: "),
            ("{\"schema\": 1}", "old.json: its schema is 1, and this version of countersign reads the schemas 2 and 3"),
            ("{}", "old.json: the top level has no member \"schema\""),
            ("{\"schema\": 2}", "old.json: the top level has no member \"tool\""),
            ("{\"schema\": 3}", "old.json: the top level has no member \"tool\""),
            ("{\"schema\": \"one\"}", "old.json: schema is not a value of the type Int"),
        ]
    )
    func refused(text: String, message: String) {
        let error = #expect(throws: ResultsError.self) { try ResultsJSON.decode(Data(text.utf8), from: "old.json") }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test("An unknown verdict is refused with the index of its case")
    func unknownVerdict() throws {
        let text = String(decoding: try ResultsJSON.encode(SampleReport.mixed), as: UTF8.self)
            .replacingOccurrences(of: "\"verdict\":\"timed-out\"", with: "\"verdict\":\"late\"")
        let error = #expect(throws: ResultsError.self) { try ResultsJSON.decode(Data(text.utf8), from: "r.json") }
        #expect(error?.description.hasPrefix("r.json: cases[2].verdict: ") == true, "\(error?.description ?? "")")
    }
}
