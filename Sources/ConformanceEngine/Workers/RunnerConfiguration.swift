package import ConformanceModel

/// How a run is played.
package struct RunnerConfiguration: Hashable, Sendable {
    /// The worker processes; 0 plays in this process, where a crash of a case ends all.
    package var jobs: Int
    package var seed: UInt64
    /// Seconds since 1970.
    package var now: Int64
    /// How long one case may take.
    package var deadlineSeconds: Int
    /// The data, heap and stacks that a worker may have; a case that needs more costs its worker.
    package var memoryMiB: Int
    /// The program that is a worker when its first argument is ``WorkerMain/command``.
    package var executable: String
    /// Variables of its environment besides those of this process.
    package var environment: [String: String]
    /// A defect that the library is played with, by its name in ``StackRegistry/libraryMutants``; nil for none.
    package var libraryMutant: String?
    /// The stacks that play as programs of their own; nil for none.
    package var peers: PeerSettings?

    package init(
        jobs: Int,
        seed: UInt64,
        now: Int64,
        deadlineSeconds: Int = 10,
        memoryMiB: Int = 1024,
        executable: String,
        environment: [String: String] = [:],
        libraryMutant: String? = nil,
        peers: PeerSettings? = nil
    ) {
        self.jobs = jobs
        self.seed = seed
        self.now = now
        self.deadlineSeconds = deadlineSeconds
        self.memoryMiB = memoryMiB
        self.executable = executable
        self.environment = environment
        self.libraryMutant = libraryMutant
        self.peers = peers
    }
}

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
