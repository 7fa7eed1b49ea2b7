package import ConformanceEngine
package import ConformanceJudge
package import ConformanceModel
package import ConformanceReports
internal import Peers
internal import Synchronization

/// Plays cases with one defect of the library after the other, and notes which cases notice it.
///
/// Cases come in waves, each a fair part of all by a hash of their ids, and twice as large as the one before. A mutant
/// that enough cases have killed is left alone in the next wave: most are killed by hundreds, and the time belongs to
/// those that few cases notice.
package struct SelftestSession {
    /// The results of one wave.
    private struct Tally {
        /// Mutant to the cases that killed it.
        var kills: [String: Set<String>] = [:]
        /// Cases that are unexpected without a mutant.
        var unexpected: Set<String> = []
    }

    /// The parts of each wave, of 32 that all cases are cut into.
    private static let waves = [1...1, 2...2, 3...4, 5...8, 9...16, 17...32]
    private static let partCount = 32

    private let cases: [ConformanceCase]
    private let mutants: [String]
    /// How many kills are enough; 0 for counting all.
    private let enough: Int
    private let judge: Judge
    private let configuration: RunnerConfiguration

    package init(
        cases: [ConformanceCase],
        mutants: [String],
        enough: Int,
        judge: Judge,
        configuration: RunnerConfiguration
    ) {
        self.cases = cases
        self.mutants = mutants
        self.enough = enough
        self.judge = judge
        self.configuration = configuration
    }

    /// - Parameter onWave: called before each wave, with its number and the mutants that are left.
    /// - Returns: the mutants with their kills, the rules without one, and the cases that are of no use.
    package func run(
        onWave: (_ number: Int, _ of: Int, _ mutants: Int) -> Void
    ) async throws -> (mutants: [SelftestReport.Mutant], rulesWithoutKill: [String], unexpected: [String]) {
        let oracle = Oracle()
        var kills: [String: Set<String>] = [:]
        var unexpected: Set<String> = []
        var deciding: Set<String> = []
        var silent: Set<String> = []
        var uncounted: Set<String> = []
        let parts = Dictionary(grouping: cases) { ShardPosition.index(of: $0.id, count: Self.partCount) }
        for (wave, numbers) in Self.waves.enumerated() {
            let part = numbers.flatMap { parts[$0, default: []] }
            let left = mutants.filter { !isEnough(kills[$0]) }
            if !part.isEmpty { uncounted.formUnion(Set(mutants).subtracting(left)) }
            guard !part.isEmpty, !left.isEmpty else { continue }
            onWave(wave + 1, Self.waves.count, left.count)
            let expectations = part.map(oracle.expectation(for:))
            let tally = try await play(part, expectations, left)
            unexpected.formUnion(tally.unexpected)
            kills.merge(tally.kills) { $0.union($1) }
            let killers = tally.kills.values.reduce(into: Set<String>()) { $0.formUnion($1) }
            for (testCase, expectation) in zip(part, expectations) {
                silent.formUnion(expectation.rules)
                if killers.contains(testCase.id) { deciding.formUnion(expectation.rules) }
            }
        }
        return (
            mutants.map { name in
                SelftestReport.Mutant(
                    name: name,
                    killedBy: Array(kills[name, default: []]),
                    isCounted: !uncounted.contains(name)
                )
            },
            silent.subtracting(deciding).sorted(), unexpected.sorted()
        )
    }

    private func isEnough(_ kills: Set<String>?) -> Bool { enough > 0 && (kills?.count ?? 0) >= enough }

    private func play(
        _ cases: [ConformanceCase],
        _ expectations: [CaseExpectation],
        _ mutants: [String]
    ) async throws -> Tally {
        // One case with all mutants in a row: what it needs is minted once.
        let variants: [String?] = [nil] + mutants
        let requests = cases.indices.flatMap { number in
            variants.indices.compactMap { variant -> PlayRequest? in
                if let mutant = variants[variant],
                    !StackRegistry.canShow(libraryMutant: mutant, in: cases[number])
                {
                    return nil
                }
                return PlayRequest(
                    index: number * variants.count + variant,
                    testCase: cases[number],
                    playsControl: expectations[number].hasRejection,
                    libraryMutant: variants[variant]
                )
            }
        }
        let tally = Mutex(Tally())
        let ending = try await Runner(configuration, peerPlayer: PeerHost.init).run(requests) { played in
            let number = played.index / variants.count
            let result = judge.result(
                of: cases[number],
                expectation: expectations[number],
                outcome: played.outcome,
                durationMs: played.durationMs
            )
            guard !result.verdict.isExpected else { return }
            tally.withLock { tally in
                if let mutant = variants[played.index % variants.count] {
                    // A fault of the harness says nothing about the library.
                    if result.verdict != .errored { tally.kills[mutant, default: []].insert(result.id) }
                } else {
                    tally.unexpected.insert(result.id)
                }
            }
        }
        guard ending.isComplete else {
            throw CommandError(message: "not every case was played", status: .harnessFault)
        }
        return tally.withLock { tally in
            tally.kills = tally.kills.mapValues { $0.subtracting(tally.unexpected) }
            return tally
        }
    }
}
