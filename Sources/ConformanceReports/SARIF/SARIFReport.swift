package import ConformanceModel
internal import FoundationEssentials

/// A run as SARIF 2.1.0, the form in which code scanning services take findings.
///
/// A result is a rule that a stack breaks, and not a case: a hole is an error, and so is every other cause of unexpected
/// cases; what a stack does otherwise without letting anybody in is a note. A hole that the run was told of is there all
/// the same, with a suppression. Where a run has no subject and no peers, the library and GnuTLS are held to their profiles,
/// and only unexpected results are told.
package struct SARIFReport {
    /// Ends with a newline.
    package let text: String

    /// - Throws: when a result holds a number that JSON has no words for.
    package init(_ report: RunReport, rules: [RuleDescription]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        text = String(decoding: try encoder.encode(Log(Content(report, rules))), as: UTF8.self) + "\n"
    }

    /// The results, and the rules that they name.
    private struct Content {
        let report: RunReport
        private(set) var results: [Result] = []
        private(set) var rules: [ReportingDescriptor] = []
        private let described: [String: RuleDescription]
        private var numbers: [String: Int] = [:]

        init(_ report: RunReport, _ rules: [RuleDescription]) {
            self.report = report
            described = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            let groups = CauseGroups(report, rules: rules)
            for group in groups.groups { add(group, rules) }
            let stacks = report.subjects.isEmpty ? foreignStacks : report.subjects
            for stack in stacks { addProfile(of: stack, besides: groups) }
            for finding in report.findings {
                add("run/finding", .error, finding, about: "run", key: finding)
            }
            if !report.isComplete {
                add("run/incomplete", .error, ResultSentence(report).text, about: "run", key: "incomplete")
            }
        }

        private var foreignStacks: [Stack] {
            (report.profiles ?? [:]).keys.map(Stack.init(rawValue:)).filter { !Stack.inProcess.contains($0) }.sorted()
        }

        private mutating func add(_ group: CauseGroup, _ rules: [RuleDescription]) {
            let narrative = CaseNarrative(group.example, rules: rules, options: report.options)
            let rule = group.cause.rule ?? "run/\(group.cause.verdict.rawValue)"
            add(
                rule,
                .error,
                "\(group.title), for example \(group.example.id): \(narrative.text)",
                about: group.example.id,
                key: "\(group.cause.stack) \(group.subject)"
            )
        }

        private mutating func addProfile(of stack: Stack, besides groups: CauseGroups) {
            for (rule, entry) in (report.profiles?[stack.rawValue]?.rules ?? [:]).sorted(by: { $0.key < $1.key })
            where groups.group(of: stack, rule: rule) == nil {
                let example = entry.cases.first ?? "none"
                add(
                    rule,
                    entry.class == .hole ? .error : .note,
                    "\(stack.rawValue) \(entry.answer.rawValue): \(entry.class.rawValue), seen in "
                        + "\(Count.of(entry.count, "case")), for example \(example)",
                    about: example,
                    key: "\(stack.rawValue) \(rule)",
                    // A hole without an unexpected case is one that --known-holes lists.
                    isKnown: entry.class == .hole
                )
            }
        }

        private mutating func add(
            _ rule: String,
            _ level: Level,
            _ message: String,
            about name: String,
            key: String,
            isKnown: Bool = false
        ) {
            results.append(
                Result(
                    ruleId: rule,
                    ruleIndex: number(of: rule),
                    level: level,
                    message: Message(SingleLine.each(message)),
                    locations: [Location(of: name, scenario: report.cases.first { $0.id == name }?.scenario)],
                    partialFingerprints: ["stackAndRule/v1": SingleLine.of(key)],
                    suppressions: isKnown
                        ? [Suppression(justification: "the run was given it with --known-holes")] : nil
                )
            )
        }

        private mutating func number(of rule: String) -> Int {
            if let known = numbers[rule] { return known }
            numbers[rule] = rules.count
            rules.append(ReportingDescriptor(rule, described[rule]))
            return rules.count - 1
        }
    }

    private struct Log: Encodable {
        let schema = "https://json.schemastore.org/sarif-2.1.0.json"
        let version = "2.1.0"
        let runs: [Run]

        enum CodingKeys: String, CodingKey {
            case schema = "$schema"
            case version, runs
        }

        init(_ content: Content) {
            let report = content.report
            runs = [
                Run(
                    tool: SARIFReport.Tool(
                        driver: Driver(
                            name: report.tool.name,
                            semanticVersion: report.tool.version,
                            rules: content.rules
                        )
                    ),
                    invocations: [Invocation(executionSuccessful: report.isComplete, startTimeUtc: report.started)],
                    results: content.results,
                    properties: report.environment
                )
            ]
        }
    }

    private struct Run: Encodable {
        let tool: Tool
        let invocations: [Invocation]
        let columnKind = "utf16CodeUnits"
        let results: [Result]
        /// Stack to version.
        let properties: [String: String]
    }

    private struct Tool: Encodable {
        let driver: Driver
    }

    private struct Driver: Encodable {
        let name: String
        let semanticVersion: String
        let rules: [ReportingDescriptor]
    }

    private struct ReportingDescriptor: Encodable {
        let id: String
        let shortDescription: Message
        let help: Message
        let helpUri: String?
        let defaultConfiguration: [String: Level]
        let properties: [String: [String]]

        init(_ id: String, _ rule: RuleDescription?) {
            let kind = Rule(rawValue: id)?.counterfactual.class
            self.id = id
            shortDescription = Message(rule?.sentence ?? "A run must end as expected: \(id)")
            help = Message(
                rule.map { "\($0.sentence) Source: \($0.citation). `countersign list --rules` lists the rules." }
                    ?? "The report of the run tells the cases and their reasons."
            )
            helpUri = rule.flatMap { Citation($0.citation).pieces.lazy.compactMap(\.address).first }
            defaultConfiguration = ["level": kind == nil || kind == .hole ? .error : .note]
            properties = ["tags": (kind == .hole ? ["security"] : []) + ["mutual-tls"]]
        }
    }

    private enum Level: String, Encodable {
        case error, note
    }

    private struct Invocation: Encodable {
        let executionSuccessful: Bool
        let startTimeUtc: String
    }

    private struct Result: Encodable {
        let ruleId: String
        let ruleIndex: Int
        let level: Level
        let message: Message
        let locations: [Location]
        let partialFingerprints: [String: String]
        let suppressions: [Suppression]?
    }

    private struct Message: Encodable {
        let text: String

        init(_ text: String) {
            self.text = PlainText.shortened(text, limit: 4000)
        }
    }

    private struct Suppression: Encodable {
        let kind = "external"
        let justification: String
    }

    /// Services demand a file. The case's scenario is the file that says what was asked.
    private struct Location: Encodable {
        let physicalLocation: PhysicalLocation
        let logicalLocations: [LogicalLocation]

        init(of name: String, scenario: String?) {
            let safe = (scenario ?? "run").unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_./".unicodeScalars.contains(scalar))
                    ? Character(scalar) : "_"
            }
            physicalLocation = PhysicalLocation(
                artifactLocation: ArtifactLocation(uri: "scenarios/\(String(safe)).yaml")
            )
            logicalLocations = [LogicalLocation(fullyQualifiedName: SingleLine.of(name))]
        }
    }

    private struct PhysicalLocation: Encodable {
        let artifactLocation: ArtifactLocation
        let region = ["startLine": 1]
    }

    private struct ArtifactLocation: Encodable {
        let uri: String
    }

    private struct LogicalLocation: Encodable {
        let fullyQualifiedName: String
        let kind = "member"
    }
}
