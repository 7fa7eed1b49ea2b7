internal import ConformanceModel
internal import FoundationEssentials

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
