import ConformanceModel
import Testing

@testable import ConformanceReports

@Suite("Rotation timelines")
struct RotationTimelinesTests {
    private func text(_ cases: [CaseResult], limit: Int = 100_000) -> String {
        var document = BoundedDocument(limit: limit)
        RotationTimelines(cases).add(to: &document)
        return document.text
    }

    @Test("The sample is rendered as the golden text")
    func golden() throws {
        try GoldenFile(name: "rotation.md").expect(text(RotationSample.cases.sorted { $0.id < $1.id }))
    }

    @Test("Without a rotation there is no section")
    func none() {
        #expect(text([]) == "")
        #expect(text([SampleReport.result("Request/valid/tls1.3")]) == "")
    }

    @Test("A case that was not played to its end has no row")
    func unplayed() {
        let steps = RotationSample.steps(Rotation(side: .server, .identity("b"), at: .established))
        let result = RotationSample.result("x", steps: steps, connections: [RotationSample.shown(server: "a")])
        #expect(text([result]) == "")
    }

    @Test("Rows that there is no room for are left out, and the section says so")
    func bounded() {
        let steps = RotationSample.steps(Rotation(side: .server, .identity("b"), at: .established))
        let cases = (0..<1000).map { index in
            RotationSample.result(
                "change-\(index)",
                steps: steps,
                connections: ["a", "a", "b"].map { RotationSample.shown(server: $0) }
            )
        }
        let text = text(cases, limit: 32 * 1024)
        #expect(text.utf8.count < 32 * 1024)
        #expect(text.contains("rows,** to keep this file below 32 KiB"))
    }

    @Test("Names of unknown origin add no column and no markup")
    func hostile() {
        let steps = RotationSample.steps(Rotation(side: .server, .identity("b"), at: .established))
        let shown = RotationSample.shown(server: SampleReport.hostile)
        let text = text([RotationSample.result("x", steps: steps, connections: [shown, shown, shown])])
        let row = text.split(separator: "\n").last { $0.hasPrefix("| x") }
        #expect(row?.filter { $0 == "|" }.count == 7)
        #expect(row?.contains("<b>") == false)
    }
}
