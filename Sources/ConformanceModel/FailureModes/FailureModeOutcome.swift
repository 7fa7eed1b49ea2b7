/// How a documented failure mode went in a run: right with the library, and wrong with a stack that has the failure.
package struct FailureModeOutcome: Hashable, Codable, Sendable {
    /// The failure mode, and what its file says of it.
    package var id: String
    package var title: String
    package var sources: [String]
    /// The cases of the run that play its right half, and how many of them ended otherwise than expected.
    package var cases: Int
    package var unexpected: Int
    /// The stack or mutant that plays the wrong half, in words; nil for a failure mode that can't be played.
    package var wrong: String?
    /// The case that turned red with it; nil when none of the run's cases did.
    package var seenIn: String?
    /// The command that plays the wrong half, where this build of the program can't; nil where it can.
    package var seenWith: String?
    /// Why it can't be played; nil for one that is.
    package var notPlayed: String?
    /// Where the failure was seen, by the catalogue; nil in results of earlier versions.
    package var sight: FailureMode.Sight?
    /// The same in words, with releases and day.
    package var sightWords: String?

    /// The outcome of a failure mode in the results of a run. A mutant's behaviour is no part of them.
    package init(_ mode: FailureMode, results: [CaseResult]) {
        id = mode.id
        title = mode.title
        sources = mode.sources
        cases = 0
        unexpected = 0
        sight = mode.sight
        sightWords = mode.sightWords
        switch mode.play {
        case .reason(let reason): notPlayed = reason
        case .releases:
            notPlayed =
                mode.releases?.isToday == true
                ? "countersign failures plays it on stacks as they are today"
                : "countersign failures plays it on the releases that have it and that mended it"
        case .cases(let globs, let wrong):
            let patterns = globs.map(IDGlob.init)
            let own = results.filter { result in patterns.contains { $0.matches(result.id) } }
            cases = own.count
            unexpected = own.count { !$0.verdict.isExpected }
            self.wrong = wrong.words
            guard case .profile(let stack, let name) = wrong else { return }
            let label = "\(stack.rawValue): \(name)"
            seenIn = own.filter { Self.labels($0).contains(label) }.map(\.id)
                .min { NamingOrder($0) < NamingOrder($1) }
        }
    }

    /// The outcomes of a run's shards as those of one run.
    package static func merged(_ parts: [[FailureModeOutcome]]) -> [FailureModeOutcome] {
        var merged: [FailureModeOutcome] = []
        var places: [String: Int] = [:]
        for outcome in parts.joined() {
            if let place = places[outcome.id] {
                merged[place].cases += outcome.cases
                merged[place].unexpected += outcome.unexpected
                merged[place].seenIn = [merged[place].seenIn, outcome.seenIn].compactMap { $0 }
                    .min { NamingOrder($0) < NamingOrder($1) }
            } else {
                places[outcome.id] = merged.count
                merged.append(outcome)
            }
        }
        return merged
    }

    /// A result that needed two deviations names both, `STACK: NAME, STACK: NAME`.
    private static func labels(_ result: CaseResult) -> [String] {
        (result.deviation ?? "").split(separator: ", ").map(String.init)
    }
}

extension FailureMode.Wrong {
    /// The stack or mutant that plays it, for people.
    package var words: String {
        switch self {
        case .mutant(let name): "the library with \(name)"
        case .profile(let stack, let name): "\(stack.rawValue), by what its profile says of \(name)"
        }
    }
}

/// Which of two cases stands for a failure mode: the lesser by a hash of their ids.
///
/// Neighbours in the alphabet are alike, and what one doesn't notice the next doesn't either. The order doesn't depend on
/// which other cases there are, so shards name the case that one run names.
package struct NamingOrder: Comparable {
    private let hash: UInt64
    private let id: String

    package init(_ id: String) {
        hash = StableHash(id).value
        self.id = id
    }

    package static func < (left: NamingOrder, right: NamingOrder) -> Bool {
        (left.hash, left.id) < (right.hash, right.id)
    }
}
