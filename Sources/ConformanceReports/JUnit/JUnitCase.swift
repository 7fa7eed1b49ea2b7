internal import ConformanceModel

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
