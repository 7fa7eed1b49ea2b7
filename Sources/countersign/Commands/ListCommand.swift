internal import ArgumentParser
internal import Campaign
internal import ConformanceJudge
internal import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// `countersign list`
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists cases with the permitted outcome and its rules, without playing them.",
        discussion: """
            Prints one line for each case: the id, the outcome and the rules behind it, separated by tabs. Ends with 2 \
            when a scenario states another outcome than the rules give.

            Example: countersign list --rules
            Example: countersign list 'client-auth/credentials/RequireAndVerify/*/tls1.3' --stack gnutls
            """
    )

    @OptionGroup var selection: SelectionOptions

    @Flag(help: "Lists the rules instead, with their sentences and the number of cases that probe each of them alone.")
    var rules = false

    @Flag(help: "Writes a JSON object on each line.")
    var json = false

    func run() throws {
        if let strength = selection.strength, strength != .all, selection.seed == nil {
            throw CommandError.usage("--strength \(strength) chooses by the seed; name one with --seed")
        }
        let selected = try selection.choice.select(shard: selection.shard)
        let cases = selected.cases
        if rules { return listRules(cases, ProfileSet(selected.profiles)) }
        let oracle = Oracle()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var output = ""
        let expectations = oracle.expectations(for: cases)
        for (testCase, expectation) in zip(cases, expectations) {
            if json {
                let line = String(decoding: try encoder.encode(ListedCase(testCase, expectation)), as: UTF8.self)
                output += SingleLine.json(line) + "\n"
            } else {
                let rules = expectation.rules.joined(separator: ",")
                output += "\(testCase.id)\t\(PermittedOutcome(expectation).text)\t\(rules)\n"
            }
        }
        print(output, terminator: "")
        try RunPlan.checkAgreement(of: cases, expecting: expectations, oracle)
    }

    /// A line for each rule: its id, the number of cases that probe it, and its sentence.
    private func listRules(_ cases: [ConformanceCase], _ profiles: ProfileSet) {
        let counts = Probing(profiles: profiles).counts(in: cases)
        let lines = Rule.allCases.map { rule in
            "\(rule.rawValue)\t\(counts[rule] ?? 0)\t\(rule.description.sentence)\n"
        }
        print(lines.joined(), terminator: "")
    }
}

/// A case as `list --json` writes it, with the member names of the results.
private struct ListedCase: Encodable {
    var id: String
    var scenario: String
    var axes: [String: String]
    var server: Stack
    var client: Stack
    var expected: [ConnectionExpectation]
    var rules: [String]

    init(_ testCase: ConformanceCase, _ expectation: CaseExpectation) {
        id = testCase.id
        scenario = testCase.scenario
        axes = Dictionary(testCase.axes.map { ($0.axis, $0.value) }, uniquingKeysWith: { _, last in last })
        server = testCase.pairing.server
        client = testCase.pairing.client
        expected = expectation.connections
        rules = expectation.rules
    }
}
