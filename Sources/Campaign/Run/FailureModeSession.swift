package import ConformanceEngine
package import ConformanceJudge
package import ConformanceModel
internal import Peers
internal import Synchronization

/// Plays the wrong half of each failure mode among the cases of a run that has ended.
///
/// A mutant is tried on a few cases, and on twice as many where none of them noticed it; most are noticed by the first.
package struct FailureModeSession {
    /// A case and the mutant that it is played with.
    private struct Trial: Hashable {
        var mutant: String
        var place: Int
    }

    private static let waves = [2, 4, 8, 16, 32]

    package let modes: [FailureMode]
    package let cases: [ConformanceCase]
    package let judge: Judge
    package let configuration: RunnerConfiguration
    /// Whether this build has the defects that play the wrong halves.
    private let hasMutants = !StackRegistry.libraryMutants.isEmpty

    /// - Parameter isWhole: whether every case was chosen; otherwise a failure mode without a case is left out.
    package func outcomes(of results: [CaseResult], isWhole: Bool) async throws -> [FailureModeOutcome] {
        var outcomes = modes.map { FailureModeOutcome($0, results: results) }
        guard hasMutants else { return pointing(outcomes).filter { isWhole || $0.cases > 0 } }
        let green = Set(results.filter { $0.verdict == .passed || $0.verdict == .deviated }.map(\.id))
        var candidates = modes.map { Array(self.candidates($0, among: green).reversed()) }
        for size in Self.waves {
            var trials: [Int: [Trial]] = [:]
            for (place, mode) in modes.enumerated() where outcomes[place].seenIn == nil {
                guard case .cases(_, .mutant(let mutant)) = mode.play else { continue }
                let next = candidates[place].suffix(size)
                candidates[place].removeLast(next.count)
                if !next.isEmpty { trials[place] = next.map { Trial(mutant: mutant, place: $0) } }
            }
            guard !trials.isEmpty else { break }
            let red = try await play(Array(Set(trials.values.joined())))
            for (place, tried) in trials {
                outcomes[place].seenIn = tried.filter(red.contains).map { cases[$0.place].id }
                    .min { NamingOrder($0) < NamingOrder($1) }
            }
        }
        return outcomes.filter { isWhole || $0.cases > 0 }
    }

    /// The outcomes with the command that plays the wrong halves which take a defect of the library.
    private func pointing(_ outcomes: [FailureModeOutcome]) -> [FailureModeOutcome] {
        zip(modes, outcomes).map { mode, outcome in
            guard case .cases(_, .mutant) = mode.play else { return outcome }
            var outcome = outcome
            outcome.seenWith = "make selftest"
            return outcome
        }
    }

    /// The places of the cases to try, in the order in which a case may be named: shards then find what one run finds.
    ///
    /// A fault on one side of the library may be covered up by the other side; GnuTLS doesn't cover it up.
    private func candidates(_ mode: FailureMode, among green: Set<String>) -> [Int] {
        guard case .cases(let globs, .mutant) = mode.play else { return [] }
        let patterns = globs.map(IDGlob.init)
        let stacks: [Set<Stack>] = [[.countersign], [.countersign, .gnutls]]
        let fitting = cases.indices.filter { place in
            let (id, pairing) = (cases[place].id, cases[place].pairing)
            return green.contains(id) && stacks.contains([pairing.server, pairing.client])
                && patterns.contains { $0.matches(id) }
        }
        return fitting.map { (place: $0, order: NamingOrder(cases[$0].id)) }
            .sorted { $0.order < $1.order }
            .prefix(Self.waves.reduce(0, +)).map(\.place)
    }

    /// The trials that turned red.
    private func play(_ trials: [Trial]) async throws -> Set<Trial> {
        let oracle = Oracle()
        let expectations = trials.map { oracle.expectation(for: cases[$0.place]) }
        let requests = trials.indices.map { index in
            PlayRequest(
                index: index,
                testCase: cases[trials[index].place],
                playsControl: expectations[index].hasRejection,
                libraryMutant: trials[index].mutant
            )
        }
        let red = Mutex(Set<Trial>())
        _ = try await Runner(configuration, peerPlayer: PeerHost.init).run(requests) { played in
            let result = judge.result(
                of: cases[trials[played.index].place],
                expectation: expectations[played.index],
                outcome: played.outcome,
                durationMs: played.durationMs
            )
            guard result.verdict == .failed else { return }
            _ = red.withLock { $0.insert(trials[played.index]) }
        }
        return red.withLock { $0 }
    }
}
