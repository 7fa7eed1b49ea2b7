package import ConformanceModel

/// One result in sentences: what was expected, by which rule, what was seen, and how to play it alone.
///
/// Every report tells a result with these words, so that a reader who changes from one to another finds the same.
package struct CaseNarrative {
    private let result: CaseResult
    private let rules: [String: RuleDescription]
    private let options: RunOptions?

    /// - Parameter options: what the run of the result was told.
    package init(_ result: CaseResult, rules: [RuleDescription], options: RunOptions?) {
        self.result = result
        self.options = options
        self.rules = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The judge's reason, or a sentence from the verdict when it gave none.
    package var reason: String {
        result.reason ?? "the case is \(result.verdict.rawValue), without a reason given"
    }

    /// One line for each connection that the oracle spoke of.
    package var expected: [String] {
        numbered(result.expected.map { ExpectationSentence($0).text })
    }

    /// The rules that gave the outcome, with sentence and citation when they are known; the one that accounts for an
    /// unexpected result stands first.
    package var decidedBy: [String] {
        let deciding = result.cause.flatMap { cause in result.rules.contains(cause.rule) ? cause.rule : nil }
        let rest = result.rules.filter { $0 != deciding }
        return ((deciding.map { [$0] } ?? []) + rest).map { id in
            guard let rule = rules[id] else { return id }
            return "\(id): \(rule.sentence) (\(rule.citation))"
        }
    }

    /// One line for each side of each connection that was seen.
    package var seen: [String] {
        let server = numbered(
            result.observed.server.map { "server \(ObservationSentence($0, of: result.server).text)" }
        )
        let client = numbered(
            result.observed.client.map { "client \(ObservationSentence($0, of: result.client).text)" }
        )
        var lines: [String] = []
        for index in 0..<max(server.count, client.count) {
            if index < server.count { lines.append(server[index]) }
            if index < client.count { lines.append(client[index]) }
        }
        return lines.isEmpty ? ["no connection was observed"] : lines
    }

    /// The command that plays this case and no other.
    package var command: String {
        "countersign run \(ShellWord.quoted(result.id))"
            + Self.words(options, Pairing(server: result.server, client: result.client))
    }

    /// The words after the id in the command that plays a case of a pairing, with a space before each word.
    static func words(_ options: RunOptions?, _ pairing: Pairing) -> String {
        (options?.words(for: pairing) ?? []).map { " \(isPlain($0) ? $0 : ShellWord.quoted($0))" }.joined()
    }

    /// Everything above as one plain text, a line each.
    package var text: String {
        var lines = [reason]
        lines += expected.map { "expected: \($0)" }
        lines += decidedBy.map { "rule: \($0)" }
        lines += seen.map { "seen: \($0)" }
        lines.append("alone: \(command)")
        return lines.joined(separator: "\n")
    }

    /// A single connection needs no number.
    private func numbered(_ lines: [String]) -> [String] {
        guard lines.count > 1 else { return lines }
        return lines.enumerated().map { "connection \($0.offset + 1), \($0.element)" }
    }

    /// Whether every POSIX shell takes the word as it stands.
    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "-._/:=,".utf8.contains(byte)
                }
            }
    }
}
