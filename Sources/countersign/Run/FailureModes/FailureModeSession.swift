internal import Conformance
internal import ConformanceEngine
internal import Synchronization

/// Plays the wrong half of each failure mode among the cases of a run that has ended.
///
/// A mutant is tried on a few cases, and on twice as many where none of them noticed it; most are noticed by the first.
struct FailureModeSession {
    /// A case and the mutant that it is played with.
    private struct Trial: Hashable {
        var mutant: String
        var place: Int
    }

    private static let waves = [2, 4, 8, 16, 32]

    let modes: [FailureMode]
    let cases: [ConformanceCase]
    let judge: Judge
    let configuration: RunnerConfiguration

    /// - Parameter isWhole: whether every case was chosen; otherwise a failure mode without a case is left out.
    func outcomes(of results: [CaseResult], isWhole: Bool) async throws -> [FailureModeOutcome] {
        var outcomes = modes.map { FailureModeOutcome($0, results: results) }
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
                outcomes[place].seenIn = tried.filter(red.contains).map { cases[$0.place].id }.min()
            }
        }
        return outcomes.filter { isWhole || $0.cases > 0 }
    }

    /// The places of the cases to try, in turns of two libraries and of a library with GnuTLS, spread over all of them.
    private func candidates(_ mode: FailureMode, among green: Set<String>) -> [Int] {
        guard case .cases(let globs, .mutant) = mode.play else { return [] }
        let patterns = globs.map(IDGlob.init)
        let fitting = cases.indices.filter { place in
            let id = cases[place].id
            return green.contains(id) && patterns.contains { $0.matches(id) }
        }
        func spread(_ places: [Int]) -> [Int] {
            // Neighbours differ in the last axis alone, so that a stride tells more than a beginning.
            let most = Self.waves.reduce(0, +) / 2
            let step = max(1, places.count / most)
            return places.enumerated().filter { $0.offset % step == 0 }.prefix(most).map(\.element)
        }
        let own = fitting.filter { place in
            cases[place].pairing.server == .countersign && cases[place].pairing.client == .countersign
        }
        let mixed = fitting.filter { place in
            let pairing = cases[place].pairing
            return Set([pairing.server, pairing.client]) == [.countersign, .gnutls]
        }
        // What is wrong on one side of the library, the other side may cover up; GnuTLS doesn't.
        let (first, second) = (spread(own), spread(mixed))
        return (0..<max(first.count, second.count)).flatMap { place in
            [first, second].compactMap { place < $0.count ? $0[place] : nil }
        }
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
        _ = try await Runner(configuration).run(requests) { played in
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
