package import ConformanceCatalogue
internal import ConformanceModel
internal import ConformanceReports

/// The failures of TLS that a log tells of, for people and for programs.
package struct LogReport: Encodable {
    package struct Alert: Encodable {
        var number: UInt8
        var name: String
    }

    package struct Cause: Encodable {
        var failureMode: String
        var cause: String
        var tell: String
    }

    package struct Failure: Encodable {
        var condition: String
        var verdict: String
        var count: Int
        var lineNumber: Int
        var line: String
        var stack: String?
        var logger: String?
        /// `logger` when the side that logs refused, `peer` when it was refused.
        var foundBy: String
        var atFault: String
        var alert: Alert?
        var causes: [Cause]
        var misreadings: [String]
        var fixes: [String: String]
        var prove: [String]
    }

    package var lines: Int
    package var failures: [Failure]

    package init(_ findings: [LogFinding], lines: Int, catalogue: FailureModeCatalogue) {
        self.lines = lines
        failures = findings.map { finding in
            let mode = finding.causes.first.flatMap { catalogue[$0.id] }
            var prove = finding.causes.first.map { ["countersign explain \($0.id)"] } ?? []
            if case .cases(let globs, _)? = mode?.play { prove += globs.map { "countersign run '\($0)'" } }
            return Failure(
                condition: finding.condition.rawValue,
                verdict: finding.verdict,
                count: finding.count,
                lineNumber: finding.lineNumber,
                line: finding.line,
                stack: finding.stack,
                logger: finding.logger?.rawValue,
                foundBy: finding.finder.rawValue,
                atFault: finding.subject.rawValue,
                alert: finding.alert.map { Alert(number: $0, name: AlertDescription(rawValue: $0).name) },
                causes: Self.distinct(finding.causes).map {
                    Cause(failureMode: $0.id, cause: $0.sentence, tell: $0.tell)
                },
                misreadings: (finding.condition.isGeneric ? [] : mode?.misreadings ?? [])
                    + Self.misreadings(of: finding),
                fixes: Dictionary((mode?.fixes ?? []).map { ($0.stack, $0.action) }) { first, _ in first },
                prove: prove
            )
        }
    }

    private static func distinct(_ causes: [LogCause]) -> [LogCause] {
        var seen: Set<String> = []
        return causes.filter { seen.insert($0.id + $0.sentence).inserted }
    }

    /// Popular misreadings that hang on words and not on a failure.
    private static func misreadings(of finding: LogFinding) -> [String] {
        var readings: [String] = []
        let line = finding.line.lowercased()
        let eras = ["sslv3 alert", "sslv3_alert", "tlsv1 alert", "tlsv1_alert", "tlsv13 alert", "tlsv13_alert"]
        if eras.contains(where: line.contains) {
            readings.append(
                "“sslv3”, “tlsv1” and “tlsv13” tell when the alert was defined, not which version was negotiated."
            )
        }
        if finding.alert == 42 {
            readings.append(
                "“bad certificate” doesn't say that a file is damaged; some servers send it for none at all."
            )
        }
        return readings
    }
}

extension LogReport: CustomStringConvertible {
    package var description: String {
        let total = failures.reduce(0) { $0 + $1.count }
        var text: [String] = []
        if failures.count > 1 || total > 1 {
            text.append(
                "\(total) failure\(total == 1 ? "" : "s") of \(failures.count) kind\(failures.count == 1 ? "" : "s") in "
                    + "\(lines) line\(lines == 1 ? "" : "s")\n"
            )
        }
        text += failures.map(Self.block)
        return text.joined(separator: "\n")
    }

    private static func block(_ failure: Failure) -> String {
        var lines = ["VERDICT   \(failure.verdict)"]
        let times = failure.count == 1 ? "line" : "\(failure.count) times, first in line"
        var observed = ["\(times) \(failure.lineNumber): \(failure.line)"]
        var words: [String] = []
        if let stack = failure.stack { words.append("words of \(stack)") }
        if let logger = failure.logger { words.append("the log of the \(logger)") }
        if let alert = failure.alert { words.append("alert \(alert.number) \(alert.name)") }
        if !words.isEmpty { observed.append(words.joined(separator: ", ")) }
        lines += field("OBSERVED", observed)
        lines += field(
            "CAUSE",
            failure.causes.enumerated().flatMap { index, cause in
                ["\(index + 1). \(cause.cause) [\(cause.failureMode)]", "   Tell: \(cause.tell)"]
            } + failure.misreadings.map { "Not: \($0)" }
        )
        lines += field("FIX", failure.fixes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
        lines += field("PROVE", failure.prove)
        return lines.map { PlainText.line($0, limit: 2000) }.joined(separator: "\n") + "\n"
    }

    private static func field(_ name: String, _ lines: [String]) -> [String] {
        let indent = String(repeating: " ", count: 10)
        return lines.enumerated().map { index, line in
            (index == 0 ? name + indent.dropFirst(name.count) : indent[...]) + line
        }
    }
}
