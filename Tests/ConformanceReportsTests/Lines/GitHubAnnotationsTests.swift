import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("GitHub annotations")
struct GitHubAnnotationsTests {
    @Test("Every finding and unexpected result is an error with its story on one line")
    func golden() throws {
        try GoldenFile(name: "mixed.annotations.txt").expect(GitHubAnnotations(SampleReport.mixed).text)
    }

    @Test("There are at most 10 errors, and the rest is counted")
    func bounded() {
        let report = SampleReport.report(
            (10..<35).map {
                SampleReport.result("case-\($0)", verdict: .failed, reason: "r\(String(repeating: "x", count: $0))")
            }
        )
        let lines = GitHubAnnotations(report).text.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("::error ") }.count == 10)
        #expect(lines.last == "::notice title=countersign::and 15 more causes")
        #expect(lines.count == 11)
    }

    @Test("No text can end its line or start a command of its own")
    func hostile() {
        let report = SampleReport.report([
            SampleReport.result("a:,%\n::error::x", verdict: .failed, reason: "r\r\n::set-output name=x::y 100%")
        ])
        let lines = GitHubAnnotations(report).text.split(whereSeparator: \.isNewline)
        #expect(lines.count == 1)
        #expect(lines[0].contains("for example client-auth/credentials/a:,%25%0A::error::x"))
        #expect(lines[0].contains(#"r\r%0A::set-output name=x::y 100%25"#))
    }

    @Test("A run as expected says nothing, a stopped one does")
    func quiet() {
        #expect(GitHubAnnotations(SampleReport.report([SampleReport.result("a")])).text.isEmpty)
        let stopped = SampleReport.report([SampleReport.result("a")], isComplete: false)
        #expect(GitHubAnnotations(stopped).text.hasPrefix("::error title=incomplete::Incomplete, since"))
    }
}
