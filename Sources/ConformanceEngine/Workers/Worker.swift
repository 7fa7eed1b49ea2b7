internal import ConformanceModel
internal import Glibc

/// The state of a worker: what it was told, and the PKIs and setups that cases refer to.
struct Worker {
    private var fault: WorkerFault?
    private var settings: WorkerSettings?
    /// The player without a mutant, from which the others have their keys, and those with one by its name.
    private var player: CasePlayer?
    private var mutated: [String: CasePlayer] = [:]
    private var pkis: [Int: PKISpecification] = [:]
    private var setups: [Int: CaseSetup] = [:]

    init(fault: WorkerFault?) {
        self.fault = fault
    }

    /// - Parameter notify: called with what the runner must know before the answer.
    mutating func answer(_ order: WorkerOrder, notify: (WorkerAnswer) throws -> Void) throws -> WorkerAnswer? {
        switch order {
        case .configure(let settings):
            player = CasePlayer(stacks: try .standard(libraryMutant: settings.libraryMutant, peers: settings.peers))
            self.settings = settings
            MemoryLimit.set(mebibytes: settings.memoryMiB)
            return .ready
        case .pki(let number, let specification):
            pkis[number] = specification
            return nil
        case .setup(let number, let setup):
            setups[number] = setup
            return nil
        case .play(let order):
            guard let settings, let setup = setups[order.setup], let pki = pkis[setup.pki],
                let player = try player(with: order.libraryMutant)
            else {
                let reason = "the worker was not configured, or not sent setup \(order.setup) or its PKI"
                return .result(PlayResult(index: order.index, outcome: .errored(reason: reason), durationMs: 0))
            }
            let request = order.request(setup, pki)
            let keys = player.missingKeys(for: request.testCase, playsControl: request.playsControl)
            let extraSeconds = keys * Self.secondsPerKey + player.secondsToStart(for: request.testCase)
            if extraSeconds > 0 { try notify(.needsTime(seconds: extraSeconds)) }
            return .result(play(request, player, settings, extraSeconds: extraSeconds))
        }
    }

    private mutating func player(with mutant: String?) throws -> CasePlayer? {
        guard let mutant, let player else { return player }
        if let known = mutated[mutant] { return known }
        let new = CasePlayer(stacks: try .standard(libraryMutant: mutant), mintOf: player)
        mutated[mutant] = new
        return new
    }

    private mutating func play(
        _ request: PlayRequest,
        _ player: CasePlayer,
        _ settings: WorkerSettings,
        extraSeconds: Int
    ) -> PlayResult {
        // The runner kills a worker that hangs. Should the runner be gone, the alarm ends it.
        alarm(UInt32(settings.deadlineSeconds + extraSeconds + Self.graceSeconds))
        defer { alarm(0) }
        if let outcome = fault?.strike(request.testCase.id) {
            return PlayResult(index: request.index, outcome: outcome, durationMs: 0)
        }
        return player.timedPlay(request, seed: settings.seed, now: settings.now)
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
