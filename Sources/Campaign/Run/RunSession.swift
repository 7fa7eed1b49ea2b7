package import ConformanceModel
internal import ConformanceReports
internal import Synchronization

/// One run while it goes on: gathers results, shows progress, and stops playing when it is told to.
package final class RunSession: Sendable {
    /// Why playing stopped before every case was played.
    package enum StopCause: Hashable, Sendable {
        /// SIGINT or SIGTERM.
        case signal(Int32)
        /// The first unexpected result of a run that was to stop there.
        case unexpectedResult
        /// The journal could not be written: what is played from there on would be lost.
        case journal
    }

    /// The result of playing.
    package struct End {
        /// Ordered by id.
        package var results: [CaseResult]
        /// Nil when every case was played.
        package var cause: StopCause?
        /// The error of the engine, if it failed by itself.
        package var fault: (any Error)?
    }

    private struct State {
        var results: [CaseResult] = []
        var progress: ProgressLine
        var cause: StopCause?
        var fault: (any Error)?
        var playing: Task<Void, any Error>?
    }

    private let stopsAtUnexpectedResult: Bool
    private let journal: JournalFile?
    private let state: Mutex<State>

    /// - Parameter journal: where each result is written down, and what an earlier run had played.
    package init(stopsAtUnexpectedResult: Bool, progress: sending ProgressLine, journal: JournalFile? = nil) {
        self.stopsAtUnexpectedResult = stopsAtUnexpectedResult
        self.journal = journal
        state = Mutex(State(results: journal?.earlier.results ?? [], progress: progress))
    }

    /// Plays, and returns when the body has ended or was stopped.
    ///
    /// - Parameter body: Plays cases until it is done or its task is cancelled, and hands over each result.
    package func play(
        _ body: @escaping @Sendable (_ onResult: @escaping @Sendable (CaseResult) -> Void) async throws -> Void
    )
        async -> End
    {
        let playing = Task { try await body { self.add($0) } }
        let isStopped = state.withLock { state in
            state.playing = playing
            return state.cause != nil
        }
        if isStopped { playing.cancel() }
        let outcome = await playing.result
        return state.withLock { state in
            state.progress.end()
            var end = End(results: state.results.sorted { $0.id < $1.id }, cause: state.cause)
            end.fault = state.fault
            // A body that is cancelled may say so by throwing, and that is no fault.
            if case .failure(let error) = outcome, state.cause == nil { end.fault = error }
            return end
        }
    }

    /// Stops playing; the first cause stands.
    package func stop(_ cause: StopCause) {
        let playing = state.withLock { state in
            if state.cause == nil { state.cause = cause }
            return state.playing
        }
        playing?.cancel()
    }

    private func add(_ result: CaseResult) {
        let stop: StopCause? = state.withLock { state in
            // Once playing is being stopped, a case that broke off says nothing about itself.
            if state.cause != nil, [.crashed, .errored, .timedOut].contains(result.verdict) { return nil }
            guard state.fault == nil else { return nil }
            do {
                try journal?.add(result)
            } catch {
                state.fault = error
                return .journal
            }
            state.results.append(result)
            state.progress.add(result.verdict)
            return stopsAtUnexpectedResult && !result.verdict.isExpected ? .unexpectedResult : nil
        }
        if let stop { self.stop(stop) }
    }
}

/// How much of a program's cases was played, and what of that is wrong with the run as a whole.
struct PlayedShare {
    private let cases: [ConformanceCase]
    private let results: [String: CaseResult]

    init(cases: [ConformanceCase], results: [CaseResult]) {
        self.cases = cases
        self.results = Dictionary(results.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A stack that answers "unsupported" to most of its cases passes nothing, whatever the rest says, and one that was
    /// named and not played at all is lost.
    ///
    /// Cases that a manifest rules out in advance were never asked of the stack.
    ///
    /// - Parameters:
    ///   - manifests: the stacks, as they were found on this machine.
    ///   - isNamed: whether the user asked for a stack by its name, and not for whatever is there.
    func findings(_ manifests: [PeerManifest], isNamed: (Stack) -> Bool) -> [String] {
        manifests.compactMap { manifest in
            let stack = manifest.stack
            let own = cases.filter { $0.pairing.server == stack || $0.pairing.client == stack }
            let asked = own.filter { testCase in
                !Side.allCases.contains { side in
                    testCase.pairing[side] == stack && manifest.refusal(of: testCase.needs(of: side), as: side) != nil
                }
            }
            let unplayed = asked.filter { results[$0.id]?.verdict.isPlayed == false }
            if unplayed.count * 2 > asked.count, let first = unplayed.first {
                return "\(stack.rawValue) played \(asked.count - unplayed.count) of the \(asked.count) cases that its "
                    + "manifest doesn't rule out, which is less than half: \(first.id): "
                    + "\(results[first.id]?.reason ?? "no reason given")"
            }
            guard asked.isEmpty, isNamed(stack), let first = own.first else { return nil }
            return "\(stack.rawValue) was asked for and played none of its \(own.count) cases: "
                + (results[first.id]?.reason ?? "no reason given")
        }
    }
}
