package import Conformance

/// One case to play.
package struct PlayRequest: Hashable, Codable, Sendable {
    /// The caller's number for it, unique in a run.
    package var index: Int
    package var testCase: ConformanceCase
    /// Whether the positive control is played too: the caller knows from the oracle whether the case is to be refused.
    package var playsControl: Bool

    package init(index: Int, testCase: ConformanceCase, playsControl: Bool) {
        self.index = index
        self.testCase = testCase
        self.playsControl = playsControl
    }
}

/// How one case was played.
package struct PlayResult: Hashable, Codable, Sendable {
    package var index: Int
    package var outcome: PlayOutcome
    /// Wall-clock milliseconds.
    package var durationMs: Double

    package init(index: Int, outcome: PlayOutcome, durationMs: Double) {
        self.index = index
        self.outcome = outcome
        self.durationMs = durationMs
    }
}
