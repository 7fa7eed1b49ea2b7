package import ConformanceModel

/// Plays cases: mints what they need, sets up both sides, runs the steps on a memory wire, and says what was seen.
///
/// A play is a function of the case, the seed and the time: serial numbers follow from them, and keys, which do not,
/// are never part of an observation.
package struct CasePlayer: Sendable {
    let stacks: StackRegistry
    private let mint: CaseMint

    package init(stacks: StackRegistry) {
        self.stacks = stacks
        mint = CaseMint(live: stacks.peers?.live)
    }

    /// A player with other stacks that shares the keys of another one: they take longer to make than a case.
    init(stacks: StackRegistry, mintOf other: CasePlayer) {
        self.stacks = stacks
        mint = other.mint
    }

    /// Plays one case.
    ///
    /// - Parameters:
    ///   - testCase: the case.
    ///   - seed: what serial numbers are drawn from.
    ///   - now: seconds since 1970, where the clock of the case begins; validity is relative to it.
    ///   - playsControl: whether the positive control is played too, if the case has one.
    package func play(_ testCase: ConformanceCase, seed: UInt64, now: Int64, playsControl: Bool) -> PlayOutcome {
        do throws(PlayFailure) {
            let needs = NeededNames(testCase, withControl: playsControl)
            let material = try mint.material(for: testCase, needs: needs, seed: seed, now: now)
            guard playsControl, let control = testCase.control else {
                return .played(connections: try played(testCase, on: material), control: nil)
            }
            // A server that somebody else runs may remember the good client, and take its twin for it: the good one goes
            // first there, and any other server starts anew for each.
            let isLive = stacks.peers?.isRunningServer(testCase.pairing.server) ?? false
            var controlled: ConnectionObservation?
            if isLive { controlled = try playedControl(control, of: testCase, on: material) }
            let connections = try played(testCase, on: material)
            if !isLive { controlled = try playedControl(control, of: testCase, on: material) }
            return .played(connections: connections, control: controlled)
        } catch {
            return error.outcome
        }
    }

    private func playedControl(
        _ control: Control,
        of testCase: ConformanceCase,
        on material: CaseMaterial
    ) throws(PlayFailure) -> ConnectionObservation? {
        try played(testCase, control.server, control.client, [.connect, .exchange], on: material).first
    }

    /// How many keys that are slow to make the case waits for; a later case finds them made.
    func missingKeys(for testCase: ConformanceCase, playsControl: Bool) -> Int {
        mint.missingKeys(for: testCase, needs: NeededNames(testCase, withControl: playsControl))
    }

    /// How many seconds the programs of the case may need before it can be played.
    func secondsToStart(for testCase: ConformanceCase) -> Int {
        stacks.peers?.secondsToStart(for: testCase.pairing) ?? 0
    }

    /// Plays the case alone, and hands out what was minted for it.
    func playOnce(
        _ testCase: ConformanceCase,
        seed: UInt64,
        now: Int64
    ) throws(PlayFailure) -> (observations: [ConnectionObservation], material: CaseMaterial) {
        let needs = NeededNames(testCase, withControl: false)
        let material = try mint.material(for: testCase, needs: needs, seed: seed, now: now)
        return (try played(testCase, on: material), material)
    }

    private func played(
        _ testCase: ConformanceCase,
        on material: CaseMaterial
    ) throws(PlayFailure) -> [ConnectionObservation] {
        try played(testCase, testCase.server, testCase.client, testCase.steps, on: material)
    }

    /// Plays steps with settings that are the case's own or those of its control.
    private func played(
        _ testCase: ConformanceCase,
        _ server: ServerSettings,
        _ client: ClientSettings,
        _ steps: [Step],
        on material: CaseMaterial
    ) throws(PlayFailure) -> [ConnectionObservation] {
        let timeline = Timeline(steps)
        if let peers = stacks.peers, peers.plays(testCase.pairing) {
            return try peers.play(testCase, server, client, timeline, on: material, with: stacks)
        }
        return try CasePlay(parties: try parties(testCase, server, client, material)).run(timeline)
    }

    private func parties(
        _ testCase: ConformanceCase,
        _ server: ServerSettings,
        _ client: ClientSettings,
        _ material: CaseMaterial
    ) throws(PlayFailure) -> Parties {
        let stacks = (
            server: try self.stacks.adapter(testCase.pairing.server),
            client: try self.stacks.adapter(testCase.pairing.client)
        )
        return try Parties(testCase, server: server, client: client, stacks: stacks, material: material)
    }
}

/// Why a case has no observations.
package enum PlayFailure: Error {
    case unsupported(String)
    case stalled(WireStalled)
    case harness(String)
    /// A stack that plays as a program is to blame, or was not asked: the one on this side.
    case peer(PeerFault, of: Side)

    package init(_ error: AdapterError) {
        switch error {
        case .unsupported(let reason): self = .unsupported(reason)
        case .harness(let reason): self = .harness(reason)
        case .configuration(let reason, let detail):
            self = .harness("\(detail) (\(reason.rawValue)) came after the settings had been accepted")
        }
    }

    var outcome: PlayOutcome {
        switch self {
        case .unsupported(let reason): .unsupported(reason: reason)
        case .stalled(let stall): .timedOut(reason: stall.description)
        case .harness(let reason): .errored(reason: reason)
        case .peer(let fault, _): fault.outcome
        }
    }
}
