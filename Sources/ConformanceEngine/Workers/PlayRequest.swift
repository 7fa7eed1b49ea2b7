package import ConformanceModel

/// One case to play.
package struct PlayRequest: Hashable, Sendable {
    /// The caller's number for it, unique in a run.
    package var index: Int
    package var testCase: ConformanceCase
    /// Whether the positive control is played too: the caller knows from the oracle whether the case is to be refused.
    package var playsControl: Bool
    /// A defect that the library plays this case with, by its name in ``StackRegistry/libraryMutants``; nil for the run's.
    package var libraryMutant: String?

    package init(index: Int, testCase: ConformanceCase, playsControl: Bool, libraryMutant: String? = nil) {
        self.index = index
        self.testCase = testCase
        self.playsControl = playsControl
        self.libraryMutant = libraryMutant
    }
}

/// How one case was played.
package struct PlayResult: Hashable, Codable, Sendable {
    package var index: Int
    package var outcome: PlayOutcome
    /// Wall-clock milliseconds.
    package var durationMs: Double
    /// Why earlier attempts don't count, one sentence each; empty for a case that was played once.
    package var retriedAfter: [String] = []

    package init(index: Int, outcome: PlayOutcome, durationMs: Double) {
        self.index = index
        self.outcome = outcome
        self.durationMs = durationMs
    }
}
