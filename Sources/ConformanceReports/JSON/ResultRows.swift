internal import ConformanceModel

/// The values that many cases of a run have in common, each written once.
///
/// Of 14,000 cases most expect one of a thousand things and see one of six thousand, so a file with each value in each
/// case has three times the size. A case names them by their position here.
struct SharedValues: Codable {
    private(set) var expected: [[ConnectionExpectation]] = []
    private(set) var rules: [[String]] = []
    private(set) var observed: [SideObservation] = []
    private var numbers = Numbers()

    private struct Numbers {
        var expected: [[ConnectionExpectation]: Int] = [:]
        var rules: [[String]: Int] = [:]
        var observed: [SideObservation: Int] = [:]
    }

    enum CodingKeys: String, CodingKey { case expected, rules, observed }

    init() {}

    mutating func number(_ value: [ConnectionExpectation]) -> Int {
        Self.number(value, in: &expected, &numbers.expected)
    }

    mutating func number(_ value: [String]) -> Int { Self.number(value, in: &rules, &numbers.rules) }

    mutating func number(_ value: SideObservation) -> Int { Self.number(value, in: &observed, &numbers.observed) }

    private static func number<Value: Hashable>(
        _ value: Value,
        in list: inout [Value],
        _ numbers: inout [Value: Int]
    ) -> Int {
        if let known = numbers[value] { return known }
        numbers[value] = list.count
        list.append(value)
        return list.count - 1
    }
}

/// A case as a line of results.json: what it shares with others as positions in `shared`.
struct ResultRow: Codable {
    var id: String
    var scenario: String
    var axes: [String: String]
    var server: Stack
    var client: Stack
    var verdict: Verdict
    var steps: [Step]?
    var expected: Int
    var rules: Int
    var observed: Sides
    var reason: String?
    var deviation: String?
    var cause: ResultCause?
    var durationMs: Double
    var flaky: [String]?

    /// One position for each connection.
    struct Sides: Codable {
        var server: [Int]
        var client: [Int]
    }

    init(_ result: CaseResult, _ shared: inout SharedValues) {
        id = result.id
        scenario = result.scenario
        axes = result.axes
        server = result.server
        client = result.client
        verdict = result.verdict
        steps = result.steps
        expected = shared.number(result.expected)
        rules = shared.number(result.rules)
        observed = Sides(
            server: result.observed.server.map { shared.number($0) },
            client: result.observed.client.map { shared.number($0) }
        )
        reason = result.reason
        deviation = result.deviation
        cause = result.cause
        durationMs = result.durationMs
        flaky = result.flaky
    }

    /// The case with what it shares in its place again.
    ///
    /// - Throws: `DecodingError` with the member whose position is not there.
    func result(_ shared: SharedValues, at index: Int) throws -> CaseResult {
        let path: [any CodingKey] = [Place(stringValue: "cases"), Place(intValue: index)]
        func value<Value>(_ list: [Value], _ position: Int, _ member: String) throws -> Value {
            guard list.indices.contains(position) else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: path + [Place(stringValue: member)],
                        debugDescription: "shared.\(member) has \(list.count) values, and none at \(position)"
                    )
                )
            }
            return list[position]
        }
        var result = CaseResult(
            id: id,
            scenario: scenario,
            axes: axes,
            server: server,
            client: client,
            verdict: verdict,
            steps: steps,
            expected: try value(shared.expected, expected, "expected"),
            rules: try value(shared.rules, rules, "rules"),
            observed: Observed(
                server: try observed.server.map { try value(shared.observed, $0, "observed") },
                client: try observed.client.map { try value(shared.observed, $0, "observed") }
            ),
            reason: reason,
            deviation: deviation,
            durationMs: durationMs
        )
        result.cause = cause
        result.flaky = flaky
        return result
    }

    private struct Place: CodingKey {
        var stringValue: String
        var intValue: Int?

        init(stringValue: String) { self.stringValue = stringValue }

        init(intValue: Int) {
            stringValue = "Index \(intValue)"
            self.intValue = intValue
        }
    }
}
