internal import class FoundationXML.XMLElement
internal import class FoundationXML.XMLNode

/// One `testsuite`.
struct JUnitSuite {
    let name: String
    let cases: [JUnitCase]

    var counts: JUnitCounts { cases.reduce(into: JUnitCounts()) { $0.add($1.end) } }

    func element(timestamp: String, properties: [(String, String)]) -> XMLElement {
        let duration = cases.reduce(0) { $0 + $1.durationMs }
        let element = XMLElement.junit(
            "testsuite",
            [("name", name)] + counts.attributes(durationMs: duration) + [("timestamp", timestamp)]
        )
        if !properties.isEmpty {
            let list = XMLElement.junit("properties", [])
            for (name, value) in properties {
                list.addChild(XMLElement.junit("property", [("name", name), ("value", value)]))
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

extension XMLElement {
    /// An element with its attributes in this order; every text passes through `XMLText`.
    static func junit(_ name: String, _ attributes: [(String, String)], text: String? = nil) -> XMLElement {
        let element = XMLElement(name: name, stringValue: text.map(XMLText.permitted))
        for (name, value) in attributes {
            if let attribute = XMLNode.attribute(withName: name, stringValue: XMLText.permitted(value)) as? XMLNode {
                element.addAttribute(attribute)
            }
        }
        return element
    }
}
