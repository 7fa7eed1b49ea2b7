package import ConformanceModel

/// The documented failure modes as a Markdown page: each with its sources, and how it is shown.
package struct FailureModePage {
    package let text: String

    /// - Parameter report: a run whose cases say how each failure mode went; nil tells of the catalogue alone.
    package init(_ all: [FailureMode], report: RunReport?) {
        let played = all.count { mode in
            if case .reason = mode.play { false } else { true }
        }
        var lines = [
            "# Failure modes", "",
            "\(all.count) documented failure modes; \(played) are played"
                + (played < all.count ? ", and the others say why not." : "."),
            "", "Where the failure itself was seen: \(all.sightSummary).", "",
        ]
        for group in FailureMode.Group.allCases {
            let modes = all.filter { $0.group == group }
            guard !modes.isEmpty else { continue }
            lines += ["## \(group.rawValue)", ""]
            lines += modes.flatMap { Self.section($0, report) }
        }
        text = lines.joined(separator: "\n")
    }

    private static func section(_ mode: FailureMode, _ report: RunReport?) -> [String] {
        var lines = ["### \(mode.id)", "", MarkdownText.cell(mode.title) + ".", ""]
        lines.append("- right: \(MarkdownText.cell(mode.right))")
        lines.append("- in the field: \(MarkdownText.cell(mode.field))")
        lines.append("- seen: \(MarkdownText.cell(mode.sightWords))")
        lines.append("- sources: \(mode.sources.map { "<\($0)>" }.joined(separator: ", "))")
        if let pair = mode.releases {
            let words = pair.isToday ? ["stacks", "shown on", "right on"] : ["release pair", "affected", "mended"]
            lines.append("- \(words[0]): \(words[1]) \(pair.affected), \(words[2]) \(pair.mended)")
        }
        switch mode.play {
        case .reason(let reason):
            lines.append("- not played: \(MarkdownText.cell(reason))")
        case .releases: break
        case .cases(let globs, let wrong):
            lines.append("- right half: " + globs.map { "`\($0)`" }.joined(separator: ", ") + outcome(globs, report))
            switch wrong {
            case .mutant(let name): lines.append("- wrong half: the mutant `\(name)` turns cases of it red")
            case .profile(let stack, let name):
                lines.append("- wrong half: \(stack.rawValue), by what its profile says of `\(name)`")
            }
        }
        return lines + [""]
    }

    private static func outcome(_ globs: [String], _ report: RunReport?) -> String {
        guard let report else { return "" }
        let patterns = globs.map(IDGlob.init)
        let cases = report.cases.filter { result in patterns.contains { $0.matches(result.id) } }
        guard !cases.isEmpty else { return "; not in this run" }
        let red = cases.count { !$0.verdict.isExpected }
        return red == 0 ? "; \(cases.count) cases, all as expected" : "; **\(red) of \(cases.count) cases unexpected**"
    }
}

/// The verdicts of a failure mode's two halves in words.
struct FailureModeWords {
    enum State: String {
        case good, bad, none
    }

    let right: String
    let rightState: State
    let wrong: String
    let wrongState: State

    init(_ outcome: FailureModeOutcome) {
        if let reason = outcome.notPlayed {
            right = "not played: \(reason)"
            wrong =
                outcome.sight != FailureMode.Sight.none && outcome.sight != nil
                ? "seen \(outcome.sightWords ?? "")" : "–"
            rightState = .none
            wrongState = .none
            return
        }
        let count = Count.of(outcome.cases, "case")
        if outcome.cases == 0 {
            right = "no case of this run"
            rightState = .none
        } else if outcome.unexpected == 0 {
            right = "green: \(count), all as expected"
            rightState = .good
        } else {
            right = "red: \(Count.grouped(outcome.unexpected)) of \(count) unexpected"
            rightState = .bad
        }
        let player = outcome.wrong ?? "the wrong half"
        if let id = outcome.seenIn {
            wrong = "seen: \(player) turns \(id) red"
            wrongState = .good
        } else if let command = outcome.seenWith {
            wrong = "not played by this build: \(player); \(command) plays it"
            wrongState = .none
        } else {
            wrong = "not seen in this run: \(player)"
            wrongState = outcome.cases == 0 ? .none : .bad
        }
    }

    /// How many of them went how, in a sentence.
    static func summary(_ outcomes: [FailureModeOutcome]) -> String {
        let played = outcomes.filter { $0.notPlayed == nil }
        let green = played.count { $0.cases > 0 && $0.unexpected == 0 }
        let seen = played.count { $0.seenIn != nil }
        let elsewhere = played.filter { $0.seenIn == nil && $0.seenWith != nil }
        let hint = elsewhere.first?.seenWith.map { " \($0) plays \(Count.grouped(elsewhere.count)) more." } ?? ""
        let sights = FailureMode.Sight.allCases.compactMap { sight in
            let count = outcomes.count { $0.sight == sight }
            return count == 0 ? nil : "\(Count.grouped(count)) \(sight.words)"
        }
        let seenAt = sights.isEmpty ? "" : " By the catalogue they were seen: \(sights.joined(separator: ", "))."
        return "Of \(Count.of(outcomes.count, "documented failure mode")), \(Count.grouped(played.count)) are played: "
            + "\(Count.grouped(green)) are green with the library, and the wrong behaviour was seen in "
            + "\(Count.grouped(seen)).\(hint)\(seenAt)"
            + (played.count < outcomes.count ? " The others say why not." : "")
    }
}
