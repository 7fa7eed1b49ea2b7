import Conformance
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
        let permitted = XMLText.permitted(text)
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

    private func parse(_ report: RunReport) throws -> XMLDocument {
        try XMLDocument(xmlString: JUnitReport(report, rules: SampleReport.rules).text)
    }
}
