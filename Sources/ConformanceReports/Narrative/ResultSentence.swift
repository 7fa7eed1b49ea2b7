package import ConformanceModel

/// The one sentence that tells how a run ended.
package struct ResultSentence {
    package let text: String

    package init(_ report: RunReport) {
        let unexpected = report.cases.count { !$0.verdict.isExpected }
        var sentence: String
        if report.cases.isEmpty {
            sentence = "No case was played"
        } else if unexpected == 0 {
            let all = report.cases.count == 1 ? "The only case" : "All \(Count.of(report.cases.count, "case"))"
            sentence = "\(all) ended as expected: \(Self.verdicts(report.totals))"
        } else {
            let total = Count.of(report.cases.count, "case")
            sentence =
                "\(Count.grouped(unexpected)) of \(total) did not end as expected: \(Self.verdicts(report.totals))"
        }
        if !report.findings.isEmpty {
            let findings = Count.of(report.findings.count, "finding")
            sentence += "; the run as a whole is not as expected, with \(findings)"
        }
        text = (report.isComplete ? "" : "Incomplete, since the run was stopped: ") + sentence + "."
    }

    /// The verdicts that occurred, in the order of their enumeration.
    private static func verdicts(_ totals: Totals) -> String {
        Verdict.allCases.compactMap { verdict in
            let count = totals.verdicts[verdict.rawValue, default: 0]
            return count == 0 ? nil : "\(Count.grouped(count)) \(verdict.rawValue)"
        }
        .joined(separator: ", ")
    }
}

/// Numbers as reports write them.
enum Count {
    /// `4321` as `4,321`.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// `1 case`, `4,321 cases`.
    static func of(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// A number with one digit after the point, locale independent.
    static func tenths(_ number: Double) -> String {
        guard number.isFinite, number > 0, number < 1e15 else { return "0.0" }
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Milliseconds as seconds with three digits, locale independent.
    static func seconds(_ milliseconds: Double) -> String {
        guard milliseconds.isFinite, milliseconds > 0, milliseconds < 1e15 else { return "0.000" }
        let whole = Int(milliseconds.rounded())
        let fraction = String(whole % 1000)
        return "\(whole / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
