internal import ConformanceModel

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
            wrong = outcome.sight == .release ? "seen \(outcome.sightWords ?? "")" : "–"
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
