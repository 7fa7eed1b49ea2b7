package import ConformanceModel
internal import FoundationEssentials
internal import Mustache

/// A run as one HTML page that needs nothing else: no network, no other file.
///
/// The tables stand in the page itself; the list of cases is made by a script from data in the page, and without scripts
/// the unexpected results are there in full.
package struct HTMLReport {
    package let text: String

    /// - Throws: when a result holds a number that JSON has no words for.
    package init(_ report: RunReport, rules: [RuleDescription], history: RunHistory = RunHistory()) throws {
        // Whatever a peer or a scenario put into a name, the page has no controls and turns no text around.
        text = SingleLine.each(
            try MustacheTemplate(string: HTMLTemplate.page).render(Self.page(report, rules, history))
        )
    }

    private static func page(
        _ report: RunReport,
        _ rules: [RuleDescription],
        _ history: RunHistory
    ) throws -> [String: Any] {
        let unexpected = report.cases.filter { !$0.verdict.isExpected }
        let groups = CauseGroups(report, rules: rules).groups
        let rotations = HTMLTables.rotations(report.cases)
        var values: [String: Any] = [
            "style": HTMLStyle.text,
            "script": HTMLScript.text,
            "data": try HTMLData(report.cases, options: report.options, causes: groups).script(),
            "sentence": ResultSentence(report).text,
            "provenance": ProvenanceLine(report).text,
            "hasHistory": !history.rows.isEmpty,
            "history": history.rows,
            "hasCauses": !groups.isEmpty,
            "causes": groups.map { cause($0, rules, report.options) },
            "state": report.hasUnexpectedResults || !report.isComplete ? "bad" : "good",
            "findings": report.findings,
            "hasFindings": !report.findings.isEmpty,
            "totals": Verdict.allCases.compactMap { verdict -> [String: Any]? in
                guard let count = report.totals.verdicts[verdict.rawValue], count > 0 else { return nil }
                return ["verdict": verdict.rawValue, "count": Count.grouped(count), "kind": kind(verdict)]
            },
            "environment": environment(report),
            "pairings": HTMLTables.pairings(report.cases),
            "scenarios": HTMLTables.scenarios(report.cases),
            "credentials": HTMLTables.credentials(report.cases),
            "rotations": rotations,
            "hasRotations": !rotations.isEmpty,
            "rotationLegend": RotationTimelines.legend,
            "rules": self.rules(report.rules, rules),
            "hasFailureModes": report.failureModes?.isEmpty == false,
            "failureModeSummary": FailureModeWords.summary(report.failureModes ?? []),
            "failureModes": failureModes(report.failureModes ?? []),
            "unexpected": unexpected.map { result in
                let narrative = CaseNarrative(result, rules: rules, options: report.options)
                return ["id": result.id, "verdict": result.verdict.rawValue, "text": narrative.text]
            },
        ]
        values["profiles"] = HTMLProfiles.section(report)
        return values
    }

    private static func cause(
        _ group: CauseGroup,
        _ rules: [RuleDescription],
        _ options: RunOptions?
    ) -> [String: Any] {
        var cause: [String: Any] = [
            "stack": group.stack,
            "subject": group.subject,
            "summary": group.summary,
            "label": group.cases.count == 1 ? "The case:" : "For example:",
            "example": group.example.id,
            "text": SingleLine.each(CaseNarrative(group.example, rules: rules, options: options).text),
            "link": "#cause=" + HTMLTables.escaped(group.title),
            "all": group.cases.count == 1 ? "The case in the list" : "All \(Count.of(group.cases.count, "case"))",
        ]
        if let sentence = group.sentence { cause["sentence"] = sentence }
        return cause
    }

    private static func kind(_ verdict: Verdict) -> String {
        !verdict.isExpected ? "bad" : verdict == .passed ? "good" : "deviated"
    }

    private static func environment(_ report: RunReport) -> [[String: String]] {
        var rows = [
            ("tool", "\(report.tool.name) \(report.tool.version)"), ("seed", String(report.seed)),
            ("started", report.started), ("duration", "\(Count.seconds(report.durationMs)) s"),
        ]
        if let plan = report.plan {
            rows.append(("catalogue", plan.catalogue))
            if let commit = plan.commit { rows.append(("commit", commit)) }
            rows.append(("strength", plan.selection.strength))
        }
        rows += report.environment.sorted { $0.key < $1.key }.map { ("stack \($0.key)", $0.value) }
        return rows.map { ["name": $0.0, "value": $0.1] }
    }

    private static func failureModes(_ outcomes: [FailureModeOutcome]) -> [[String: Any]] {
        outcomes.map { outcome in
            let words = FailureModeWords(outcome)
            var row: [String: Any] = [
                "id": outcome.id, "title": outcome.title, "right": words.right, "rightKind": words.rightState.rawValue,
                "wrong": words.wrong, "wrongKind": words.wrongState.rawValue,
                // Only what a browser follows as a page becomes a link.
                "sources": outcome.sources.map { source in
                    source.hasPrefix("https://") ? ["address": source, "text": source] : ["text": source]
                },
            ]
            if let id = outcome.seenIn { row["case"] = id }
            return row
        }
    }

    private static func rules(_ hits: [String: Int], _ rules: [RuleDescription]) -> [[String: Any]] {
        let described = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(hits.keys).union(described.keys).sorted().map { id in
            let count = hits[id, default: 0]
            let pieces = described[id].map { Citation($0.citation).pieces } ?? []
            return [
                "id": id,
                "sentence": described[id]?.sentence ?? "",
                "hits": Count.grouped(count),
                "kind": count == 0 ? "bad" : "good",
                "citation": pieces.map { piece -> [String: Any] in
                    piece.address.map { ["text": piece.text, "address": $0] } ?? ["text": piece.text]
                },
            ]
        }
    }
}

/// The cases as the page's script reads them: every text once, and cases as numbers of texts.
///
/// Most cases of a run tell their story in the words of others, so a run of 10,000 cases takes two megabytes and not
/// twenty.
struct HTMLData: Encodable {
    /// Every text.
    private(set) var s: [String] = []
    /// The verdicts, by the number that cases name them by, and whether each is as expected.
    private(set) var verdicts: [String] = []
    private(set) var expected: [Bool] = []
    /// Time lines: lane and text in turns.
    private(set) var timelines: [[Int]] = []
    /// Each case: id, scenario, verdict, server, client, time line, reason or -1, deviation or -1, microseconds; then the
    /// number of its axes and name and value of each, then the number of its expectations and those, then its rules.
    private(set) var cases: [[Int]] = []
    /// The options after the id in the command that plays a case alone, by server and client; absent where there are none.
    private(set) var options: [String: String] = [:]
    /// The causes of unexpected results: the title of each, and the numbers of its cases in `cases`.
    private(set) var causes: [Cause] = []

    struct Cause: Encodable {
        var title: String
        var cases: [Int]
    }

    private var numbers: [String: Int] = [:]
    private var timelineNumbers: [[Int]: Int] = [:]

    enum CodingKeys: String, CodingKey { case s, verdicts, expected, timelines, cases, options, causes }

    init(_ results: [CaseResult], options: RunOptions?, causes groups: [CauseGroup]) {
        verdicts = Verdict.allCases.map(\.rawValue)
        expected = Verdict.allCases.map(\.isExpected)
        cases.reserveCapacity(results.count)
        for result in results { add(result) }
        if !groups.isEmpty {
            let positions = Dictionary(
                results.enumerated().map { ($1.id, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            causes = groups.map { group in
                Cause(title: SingleLine.each(group.title), cases: group.cases.compactMap { positions[$0.id] })
            }
        }
        for pairing in Set(results.map { Pairing(server: $0.server, client: $0.client) }) {
            let words = CaseNarrative.words(options, pairing)
            if !words.isEmpty { self.options["\(pairing.server.rawValue)/\(pairing.client.rawValue)"] = words }
        }
    }

    /// JSON that can stand in a script element: no text of it can end the element.
    func script() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
            .split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    }

    private mutating func add(_ result: CaseResult) {
        let timeline = CaseTimeline(result, showsDetail: result.verdict != .passed && result.verdict != .deviated)
        var entry = [
            number(result.id), number(result.scenario), Verdict.allCases.firstIndex(of: result.verdict) ?? 0,
            number(result.server.rawValue), number(result.client.rawValue),
            number(timeline.entries.flatMap { [$0.lane.rawValue, number($0.text)] }),
            result.reason.map { number($0) } ?? -1, result.deviation.map { number($0) } ?? -1,
            Int((result.durationMs * 1000).rounded()),
        ]
        let axes = result.axes.sorted { $0.key < $1.key }
        entry.append(axes.count)
        for axis in axes { entry += [number(axis.key), number(axis.value)] }
        entry.append(result.expected.count)
        for expectation in result.expected { entry.append(number(ExpectationSentence(expectation).text)) }
        for rule in result.rules { entry.append(number(rule)) }
        cases.append(entry)
    }

    private mutating func number(_ text: String) -> Int {
        if let known = numbers[text] { return known }
        let new = s.count
        s.append(SingleLine.each(text))
        numbers[text] = new
        return new
    }

    private mutating func number(_ timeline: [Int]) -> Int {
        if let known = timelineNumbers[timeline] { return known }
        let new = timelines.count
        timelines.append(timeline)
        timelineNumbers[timeline] = new
        return new
    }
}
