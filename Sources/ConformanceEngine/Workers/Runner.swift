package import ConformanceModel
internal import Glibc
internal import Synchronization

/// Plays many cases over worker processes.
///
/// Processes, because a crash or a hang then costs one case; and threads of OpenSSL 3.0 lose a tenth of their time to
/// its locks.
package struct Runner: Sendable {
    private let configuration: RunnerConfiguration
    private let peerPlayer: PeerPlayerFactory?

    /// - Parameter peerPlayer: makes what plays programs in this process, for a run without workers; a run that names
    ///   programs and has none ends with an error.
    package init(_ configuration: RunnerConfiguration, peerPlayer: PeerPlayerFactory? = nil) {
        self.configuration = configuration
        self.peerPlayer = peerPlayer
    }

    /// Plays all requests, in no order.
    ///
    /// Cancelling the task ends the workers; what was played until then has been delivered.
    ///
    /// - Parameters:
    ///   - requests: the cases, with indices that are unique.
    ///   - onResult: called for each case, one call at a time.
    /// - Returns: whether all were played, and how many.
    /// - Throws: ``RunnerError`` when workers cannot work at all.
    @discardableResult
    package func run(
        _ requests: [PlayRequest],
        onResult: @escaping @Sendable (PlayResult) -> Void
    ) async throws -> RunEnding {
        let sink = ResultSink(onResult)
        if configuration.jobs == 0 {
            playHere(
                requests,
                CasePlayer(
                    stacks: try .standard(
                        libraryMutant: configuration.libraryMutant,
                        peers: configuration.peers.map { peers in
                            guard let peerPlayer else { throw RunnerError.noPeerPlayer }
                            return peerPlayer(peers)
                        }
                    )
                ),
                sink
            )
        } else {
            try await playInWorkers(requests, sink)
        }
        return RunEnding(played: sink.count, of: requests.count)
    }

    private func playHere(_ requests: [PlayRequest], _ player: CasePlayer, _ sink: ResultSink) {
        for request in requests {
            guard !Task.isCancelled else { return }
            sink.deliver(player.timedPlay(request, seed: configuration.seed, now: configuration.now))
        }
    }

    private func playInWorkers(_ requests: [PlayRequest], _ sink: ResultSink) async throws {
        // A worker that died closes the pipe that its orders go to; that must not end the runner.
        signal(SIGPIPE, SIG_IGN)
        let queue = WorkQueue(requests)
        let worker = WorkerProcess(configuration: configuration, queue: queue) { sink.deliver($0) }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<min(configuration.jobs, requests.count) {
                    group.addTask { try await worker.serve() }
                }
                try await group.waitForAll()
            }
        } catch  where Task.isCancelled {
            // Whatever a cancelled worker ended with is the cancellation.
        }
    }
}

/// How a run ended.
package struct RunEnding: Hashable, Sendable {
    package let played: Int
    /// False when the run was cancelled before its end.
    package let isComplete: Bool

    init(played: Int, of total: Int) {
        self.played = played
        isComplete = played == total
    }
}

/// A run that cannot go on whatever the case.
package enum RunnerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A worker ended before it was ready.
    case workerDidNotStart(executable: String, status: String, complaint: String)
    /// A worker answered a case that was not the one it had to play.
    case answerOutOfOrder(index: Int)
    /// Programs are to play, and this process has nothing that plays them.
    case noPeerPlayer

    package var description: String {
        switch self {
        case .workerDidNotStart(let executable, let status, let complaint):
            """
            the worker process "\(executable) \(WorkerMain.command)" ended with \(status) before its first case\
            \(complaint.isEmpty ? "" : ": \(complaint)")
            """
        case .answerOutOfOrder(let index):
            "a worker answered case number \(index), which was not the one it had to play"
        case .noPeerPlayer:
            "programs are to play, and this process was made without the part that plays them"
        }
    }
}

/// Hands results on, one at a time.
///
/// The thread that has a result delivers it: a hop to another thread for each would cost as much as reading it.
private final class ResultSink: Sendable {
    private let onResult: @Sendable (PlayResult) -> Void
    private let delivered = Mutex(0)

    init(_ onResult: @escaping @Sendable (PlayResult) -> Void) {
        self.onResult = onResult
    }

    var count: Int { delivered.withLock { $0 } }

    func deliver(_ result: PlayResult) {
        delivered.withLock { count in
            count += 1
            onResult(result)
        }
    }
}

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
