/// Checks that are no cases of a run, as JUnit XML: a suite for each group, a test case for each check.
package struct JUnitChecks {
    /// One check, and the reason why it failed.
    package struct Check: Sendable, Hashable {
        package var name: String
        /// Nil where it passed.
        package var failure: String?

        package init(name: String, failure: String?) {
            self.name = name
            self.failure = failure
        }
    }

    package let text: String

    /// - Parameters:
    ///   - name: of the whole, for example `countersign rehearse`.
    ///   - type: of a failure, one word.
    package init(_ name: String, type: String, suites: [(name: String, checks: [Check])]) {
        var counts = JUnitCounts()
        var elements: [JUnitElement] = []
        for suite in suites {
            let cases = suite.checks.map { check in
                JUnitCase(
                    className: suite.name,
                    name: check.name,
                    durationMs: 0,
                    end: check.failure.map { .failure(type: type, text: $0) } ?? .passed(note: nil)
                )
            }
            let element = JUnitSuite(name: suite.name, cases: cases)
            elements.append(element.element(timestamp: nil, properties: []))
            counts += element.counts
        }
        let attributes = counts.attributes(durationMs: 0).filter { $0.0 != "skipped" }
        var root = JUnitElement("testsuites", [("name", name)] + attributes)
        for element in elements { root.addChild(element) }
        text = root.document
    }
}
