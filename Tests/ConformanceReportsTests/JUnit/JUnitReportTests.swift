import ConformanceModel
import Foundation
import FoundationXML
import Testing

@testable import ConformanceReports

@Suite("JUnit report")
struct JUnitReportTests {
    @Test("The mixed run is rendered as the golden text")
    func golden() throws {
        try GoldenFile(name: "mixed.xml").expect(JUnitReport(SampleReport.mixed, rules: SampleReport.rules).text)
    }

    @Test("Hostile text is read back as it was, but for the characters that XML forbids")
    func hostile() throws {
        let text = SampleReport.hostile
        let result = SampleReport.result("Request/\(text)/tls1.3", verdict: .failed, reason: text, detail: text)
        let document = try parse(SampleReport.report([result], findings: [text]))
        let failure = try #require(document.nodes(forXPath: "//failure").first as? XMLElement)
        let permitted = JUnitElement.permitted(text)
        #expect(permitted.unicodeScalars.count { $0 == "\u{FFFD}" } == 3)
        #expect(failure.attribute(forName: "message")?.stringValue?.hasPrefix(permitted) == true)
        // A parser reads CR LF in an element's text as LF, XML 1.0 section 2.11, unless it is a reference.
        #expect(failure.stringValue?.hasPrefix(permitted) == true)
        #expect(try document.nodes(forXPath: "//testcase[@classname='run']").count == 1)
    }

    @Test("A message of 200 kB is cut in the attribute and whole in the text")
    func long() throws {
        let reason = String(repeating: "x", count: 200_000)
        let document = try parse(
            SampleReport.report([SampleReport.result("A/b/tls1.3", verdict: .crashed, reason: reason)])
        )
        let error = try #require(document.nodes(forXPath: "//error").first as? XMLElement)
        #expect((error.attribute(forName: "message")?.stringValue?.count ?? 0) < 4100)
        #expect(error.stringValue?.hasPrefix(reason) == true)
    }

    @Test("Class name and name together are unique, and every suite counts its cases")
    func uniqueAndCounted() throws {
        let document = try parse(SampleReport.mixed)
        let cases = try document.nodes(forXPath: "//testcase").compactMap { $0 as? XMLElement }
        let names = cases.map {
            "\($0.attribute(forName: "classname")?.stringValue ?? "").\($0.attribute(forName: "name")?.stringValue ?? "")"
        }
        #expect(Set(names).count == cases.count)
        #expect(cases.count == SampleReport.mixed.cases.count + 1)
        for suite in try document.nodes(forXPath: "//testsuite").compactMap({ $0 as? XMLElement }) {
            #expect(suite.attribute(forName: "tests")?.stringValue == String(suite.elements(forName: "testcase").count))
        }
    }

    @Test("An interrupted run says so in a property and with an error")
    func incomplete() throws {
        let document = try parse(SampleReport.report([SampleReport.result("A/b/tls1.3")], isComplete: false))
        let property = try #require(document.nodes(forXPath: "//property[@name='complete']").first as? XMLElement)
        #expect(property.attribute(forName: "value")?.stringValue == "false")
        #expect(try document.nodes(forXPath: "//testsuite[@name='run']/testcase[@name='is complete']/error").count == 1)
    }

    @Test(
        "Elements have the attributes that the schemas of Jenkins and of Surefire know, and the ones that they demand"
    )
    func schemas() throws {
        let document = try parse(SampleReport.mixed)
        let attributes: [(path: String, known: Set<String>, demanded: Set<String>)] = [
            ("/testsuites", ["name", "tests", "failures", "errors", "time"], ["name"]),
            (
                "//testsuite", ["name", "tests", "failures", "errors", "skipped", "time", "timestamp"],
                ["name", "tests", "failures", "errors", "skipped"]
            ),
            ("//testcase", ["classname", "name", "time"], ["name", "time"]),
            ("//failure", ["message", "type"], ["type"]),
            ("//error", ["message", "type"], ["type"]),
            ("//skipped", ["message"], []),
        ]
        for (path, known, demanded) in attributes {
            let elements = try document.nodes(forXPath: path).compactMap { $0 as? XMLElement }
            #expect(!elements.isEmpty, "\(path)")
            for element in elements {
                let names = Set((element.attributes ?? []).compactMap(\.name))
                #expect(names.isSubset(of: known) && names.isSuperset(of: demanded), "\(path): \(names)")
            }
        }
        for time in try document.nodes(forXPath: "//@time").compactMap(\.stringValue) {
            #expect(time.wholeMatch(of: /[0-9]*\.[0-9]{0,3}/) != nil, "\(time)")
        }
    }

    @Test("For a subject there is a test case a rule: kept, broken with its cases, otherwise with a note, undecided")
    func subject() throws {
        let target = Stack(rawValue: "target")
        var cases = (0..<3).map {
            SampleReport.result("Request/c\($0)/tls1.3", server: target, verdict: .failed, reason: "let in")
        }
        for index in cases.indices { cases[index].cause = ResultCause(stack: target, rule: "path/expired") }
        cases.append(SampleReport.result("Request/d/tls1.3", server: target, verdict: .timedOut, reason: "no end"))
        cases.append(SampleReport.result("Request/e/tls1.3", server: target))
        var report = SampleReport.report(cases)
        report.plan = RunPlanRecord(
            catalogue: "c",
            commit: nil,
            selection: .init(peers: ["target"]),
            expectsEveryRule: false,
            selected: cases.map(\.id)
        )
        report.options = RunOptions(always: ["--target", "localhost:1"])
        var profile = InferredProfile()
        profile.rules = [
            "path/expired": .init(answer: .accepts, class: .hole, side: .server, count: 3, cases: [cases[0].id]),
            "purpose/any": .init(answer: .refuses, class: .stricter, side: .server, count: 1, cases: [cases[4].id]),
        ]
        profile.kept = ["path/valid"]
        profile.undecided = ["path/length"]
        report.profiles = ["target": profile]
        let document = try parse(report)
        let names = try document.nodes(forXPath: "//testsuite[@name='rules of target']/testcase/@name").compactMap(
            \.stringValue
        )
        #expect(names == ["path/expired", "path/length", "path/valid", "purpose/any"])
        let failures = try document.nodes(forXPath: "//testcase[@name='path/expired']/failure[@type='hole']")
        #expect(failures.count == 1)
        #expect(failures.first?.stringValue?.contains("also: \(cases[2].id)") == true)
        #expect(try document.nodes(forXPath: "//testcase[@name='path/length']/skipped").count == 1)
        #expect(try document.nodes(forXPath: "//testcase[@name='path/valid']/*").isEmpty)
        #expect(try document.nodes(forXPath: "//testcase[@name='purpose/any']/system-out").count == 1)
        #expect(try document.nodes(forXPath: "//testsuite[@name='cases without a rule']/testcase/error").count == 1)
        #expect(try document.nodes(forXPath: "//testcase").count == 5)
    }

    @Test("A case that was played again says why")
    func flaky() throws {
        var result = SampleReport.result("A/b/tls1.3")
        result.flaky = ["no listener: Address already in use"]
        let document = try parse(SampleReport.report([result]))
        let note = try document.nodes(forXPath: "//testcase/system-out").first?.stringValue
        #expect(note == "played again, since an earlier play says nothing: no listener: Address already in use")
    }

    private func parse(_ report: RunReport) throws -> XMLDocument {
        try XMLDocument(xmlString: JUnitReport(report, rules: SampleReport.rules).text)
    }
}
