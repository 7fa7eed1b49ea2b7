package import ConformanceModel

/// The causes of a run's unexpected results as workflow commands of GitHub Actions.
///
/// GitHub shows 10 errors of a step and drops the others without a word, so the 11th line says how many there are.
package struct GitHubAnnotations {
    /// Ends with a newline unless it is empty.
    package let text: String

    private static let limit = 10

    package init(_ report: RunReport) {
        var errors = report.findings.map { Self.error(title: "finding", $0) }
        errors += CauseGroups(report, rules: []).groups.map { group in
            let narrative = CaseNarrative(group.example, rules: [], options: report.options)
            let text = "for example \(group.example.id)\n\(narrative.text)"
            return Self.error(title: group.title, PlainText.shortened(text, limit: 2000))
        }
        if !report.isComplete { errors.insert(Self.error(title: "incomplete", ResultSentence(report).text), at: 0) }
        var lines = Array(errors.prefix(Self.limit))
        if errors.count > Self.limit {
            lines.append(
                "::notice title=countersign::and \(Count.of(errors.count - Self.limit, "more cause"))"
            )
        }
        text = lines.map { $0 + "\n" }.joined()
    }

    private static func error(title: String, _ message: String) -> String {
        "::error title=\(escaped(title, isProperty: true))::\(escaped(message, isProperty: false))"
    }

    /// As @actions/core escapes: a percent sign and ends of lines; in a property also its delimiters.
    private static func escaped(_ text: String, isProperty: Bool) -> String {
        var escaped = ""
        for scalar in SingleLine.each(text).unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where isProperty: escaped += "%3A"
            case "," where isProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
