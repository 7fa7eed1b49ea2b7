internal import Conformance
internal import Glibc

/// The state of a worker: what it was told, and the PKIs that cases refer to.
struct Worker {
    private let fault: WorkerFault?
    private var player: CasePlayer?
    private var seed: UInt64 = 0
    private var now: Int64 = 0
    private var deadlineSeconds = 0
    private var pkis: [Int: PKISpecification] = [:]

    init(fault: WorkerFault?) {
        self.fault = fault
    }

    /// - Parameter notify: called with what the runner must know before the answer.
    mutating func answer(_ order: WorkerOrder, notify: (WorkerAnswer) throws -> Void) throws -> WorkerAnswer? {
        switch order {
        case .configure(let seed, let now, let deadlineSeconds, let libraryMutant, let peers):
            player = CasePlayer(stacks: try .standard(libraryMutant: libraryMutant, peers: peers))
            self.seed = seed
            self.now = now
            self.deadlineSeconds = deadlineSeconds
            return .ready
        case .pki(let number, let specification):
            pkis[number] = specification
            return nil
        case .play(var request, let number):
            guard let player, let pki = pkis[number] else {
                let outcome = PlayOutcome.errored(reason: "the worker was not configured, or not sent PKI \(number)")
                return .result(PlayResult(index: request.index, outcome: outcome, durationMs: 0))
            }
            request.testCase.pki = pki
            let keys = player.missingKeys(for: request.testCase, playsControl: request.playsControl)
            let extraSeconds = keys * Self.secondsPerKey
            if extraSeconds > 0 { try notify(.needsTime(seconds: extraSeconds)) }
            return .result(play(request, player, extraSeconds: extraSeconds))
        }
    }

    private func play(_ request: PlayRequest, _ player: CasePlayer, extraSeconds: Int) -> PlayResult {
        // The runner kills a worker that hangs. Should the runner be gone, the alarm ends it.
        alarm(UInt32(deadlineSeconds + extraSeconds + Self.graceSeconds))
        defer { alarm(0) }
        fault?.strike(request.testCase.id)
        return player.timedPlay(request, seed: seed, now: now)
    }

    private static let graceSeconds = 5
    /// An RSA key of 3072 bits takes half a second on an idle core, and chance may make it ten times that.
    private static let secondsPerKey = 15
}

extension CasePlayer {
    /// Plays a request and measures how long it took.
    func timedPlay(_ request: PlayRequest, seed: UInt64, now: Int64) -> PlayResult {
        var outcome = PlayOutcome.errored(reason: "the case was not played")
        let duration = ContinuousClock().measure {
            outcome = play(request.testCase, seed: seed, now: now, playsControl: request.playsControl)
        }
        let (seconds, attoseconds) = duration.components
        let milliseconds = Double(seconds) * 1e3 + Double(attoseconds / 1_000_000_000_000) / 1e3
        return PlayResult(index: request.index, outcome: outcome, durationMs: milliseconds)
    }
}
