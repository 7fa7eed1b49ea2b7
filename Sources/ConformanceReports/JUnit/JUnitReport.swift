package import ConformanceModel

/// A run as JUnit XML: a suite for each scenario, a test case for each case; for a subject, a test case for each rule.
///
/// `failed` and `unexpectedly-passed` are failures: a stack was wrong. `errored`, `crashed` and `timed-out` are errors:
/// the case says nothing about the stacks. A last suite, `run`, holds what concerns the run as a whole.
package struct JUnitReport {
    package let text: String

    package init(_ report: RunReport, rules: [RuleDescription]) {
        var suites: [JUnitElement] = []
        var counts = JUnitCounts()
        for suite in JUnitRules(report, rules: rules)?.suites ?? Self.scenarios(report, rules) {
            suites.append(suite.element(timestamp: report.started, properties: []))
            counts += suite.counts
        }
        let run = JUnitSuite(name: "run", cases: Self.cases(ofRun: report))
        suites.append(run.element(timestamp: report.started, properties: Self.properties(report)))
        counts += run.counts

        var root = JUnitElement(
            "testsuites",
            // The schema of Jenkins has neither `skipped` nor `timestamp` here; its suites have both.
            [("name", "countersign")]
                + counts.attributes(durationMs: report.durationMs).filter { $0.0 != "skipped" }
        )
        for suite in suites { root.addChild(suite) }
        text = root.document
    }

    private static func scenarios(_ report: RunReport, _ rules: [RuleDescription]) -> [JUnitSuite] {
        Dictionary(grouping: report.cases, by: \.scenario).sorted { $0.key < $1.key }.map { scenario, results in
            JUnitSuite(name: scenario, cases: results.map { JUnitCase($0, rules: rules, options: report.options) })
        }
    }

    private static func cases(ofRun report: RunReport) -> [JUnitCase] {
        var cases = report.findings.map { finding in
            JUnitCase(className: "run", name: finding, durationMs: 0, end: .failure(type: "finding", text: finding))
        }
        if !report.isComplete {
            let text = "the run was stopped: this report holds \(Count.of(report.cases.count, "case")) of it"
            cases.append(
                JUnitCase(
                    className: "run",
                    name: "is complete",
                    durationMs: 0,
                    end: .error(type: "incomplete", text: text)
                )
            )
        }
        return cases
    }

    private static func properties(_ report: RunReport) -> [(String, String)] {
        [
            ("complete", report.isComplete ? "true" : "false"),
            ("seed", String(report.seed)),
            ("tool", "\(report.tool.name) \(report.tool.version)"),
        ] + report.environment.sorted { $0.key < $1.key }.map { ("environment.\($0.key)", $0.value) }
    }
}
