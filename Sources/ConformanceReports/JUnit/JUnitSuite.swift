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
