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

/// One `testsuite`.
struct JUnitSuite {
    let name: String
    let cases: [JUnitCase]

    var counts: JUnitCounts { cases.reduce(into: JUnitCounts()) { $0.add($1.end) } }

    func element(timestamp: String?, properties: [(String, String)]) -> JUnitElement {
        let duration = cases.reduce(0) { $0 + $1.durationMs }
        var element = JUnitElement(
            "testsuite",
            [("name", name)] + counts.attributes(durationMs: duration) + (timestamp.map { [("timestamp", $0)] } ?? [])
        )
        if !properties.isEmpty {
            var list = JUnitElement("properties")
            for (name, value) in properties {
                list.addChild(JUnitElement("property", [("name", name), ("value", value)]))
            }
            element.addChild(list)
        }
        for testCase in cases { element.addChild(testCase.element()) }
        return element
    }
}

/// The counts that JUnit states for a suite and for all suites.
struct JUnitCounts {
    private var tests = 0
    private var failures = 0
    private var errors = 0
    private var skipped = 0

    mutating func add(_ end: JUnitCase.End) {
        tests += 1
        switch end {
        case .passed: break
        case .skipped: skipped += 1
        case .failure: failures += 1
        case .error: errors += 1
        }
    }

    static func += (lhs: inout JUnitCounts, rhs: JUnitCounts) {
        lhs.tests += rhs.tests
        lhs.failures += rhs.failures
        lhs.errors += rhs.errors
        lhs.skipped += rhs.skipped
    }

    func attributes(durationMs: Double) -> [(String, String)] {
        [
            ("tests", String(tests)), ("failures", String(failures)), ("errors", String(errors)),
            ("skipped", String(skipped)), ("time", Count.seconds(durationMs)),
        ]
    }
}

/// One `testcase`, by JUnit's words.
struct JUnitCase {
    enum End {
        /// With what is worth saying all the same, such as a deviation's reason.
        case passed(note: String?)
        case skipped(text: String)
        case failure(type: String, text: String)
        case error(type: String, text: String)
    }

    let className: String
    let name: String
    let durationMs: Double
    let end: End
    /// Causes of the environment for which the case was played again.
    var flaky: [String] = []

    /// Readers show `message` in one line of a list; the whole text follows inside the element.
    static let messageLimit = 4000

    func element() -> JUnitElement {
        var element = JUnitElement(
            "testcase",
            [("classname", className), ("name", name), ("time", Count.seconds(durationMs))]
        )
        switch end {
        case .passed(let note):
            let notes =
                (note.map { [$0] } ?? []) + flaky.map { "played again, since an earlier play says nothing: \($0)" }
            if !notes.isEmpty {
                element.addChild(JUnitElement("system-out", [], text: notes.joined(separator: "\n")))
            }
        case .skipped(let text):
            element.addChild(JUnitElement("skipped", [("message", Self.message(text))], text: text))
        case .failure(let type, let text):
            element.addChild(
                JUnitElement("failure", [("message", Self.message(text)), ("type", type)], text: text)
            )
        case .error(let type, let text):
            element.addChild(JUnitElement("error", [("message", Self.message(text)), ("type", type)], text: text))
        }
        return element
    }

    private static func message(_ text: String) -> String {
        PlainText.shortened(text, limit: messageLimit)
    }
}

extension JUnitCase {
    init(_ result: CaseResult, rules: [RuleDescription], options: RunOptions?) {
        className = result.scenario.split(separator: "/").joined(separator: ".")
        let prefix = result.scenario + "/"
        name = result.id.hasPrefix(prefix) ? String(result.id.dropFirst(prefix.count)) : result.id
        durationMs = result.durationMs
        flaky = result.flaky ?? []
        let narrative = CaseNarrative(result, rules: rules, options: options)
        switch result.verdict {
        case .passed:
            end = .passed(note: nil)
        case .deviated:
            let deviation = result.deviation.map { "\($0): " } ?? ""
            end = .passed(note: "deviated as known: \(deviation)\(narrative.reason)")
        case .unsupported, .skipped:
            end = .skipped(text: "\(result.verdict.rawValue): \(narrative.reason)")
        case .failed, .unexpectedlyPassed:
            end = .failure(type: result.verdict.rawValue, text: narrative.text)
        case .timedOut, .crashed, .errored:
            end = .error(type: result.verdict.rawValue, text: narrative.text)
        }
    }
}
