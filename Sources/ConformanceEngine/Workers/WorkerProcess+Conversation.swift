internal import ConformanceModel

extension WorkerProcess {
    /// Tells the worker what to play, and takes its answers, until its output ends: when it has nothing left to play, or
    /// was killed, as it is when the task is cancelled.
    func converse(
        _ lease: Lease,
        answers: AnswerPipe,
        feed: AsyncStream<[UInt8]>.Continuation
    ) async throws {
        feed.yield(
            try JSONLine.bytes(
                WorkerOrder.configure(
                    WorkerSettings(
                        seed: configuration.seed,
                        now: configuration.now,
                        deadlineSeconds: configuration.deadlineSeconds,
                        memoryMiB: configuration.memoryMiB,
                        libraryMutant: configuration.libraryMutant,
                        peers: configuration.peers
                    )
                )
            )
        )
        try await answers.lines { lines in
            for line in lines {
                try take(JSONLine.value(WorkerAnswer.self, from: line), lease)
            }
            guard lease.isReady else { return }
            let (orders, isDone) = lease.refill()
            if !orders.isEmpty { feed.yield(try orders.flatMap(JSONLine.bytes)) }
            if isDone { feed.finish() }
        }
    }

    private func take(_ answer: WorkerAnswer, _ lease: Lease) throws {
        switch answer {
        case .ready:
            lease.noteReady()
        case .needsTime(let seconds):
            lease.allow(.seconds(seconds))
        case .result(let result):
            guard let request = lease.settle(result) else { throw RunnerError.answerOutOfOrder(index: result.index) }
            if let cause = EnvironmentCause.of(result.outcome), queue.retry(request, after: cause) { return }
            lease.holdClock()
            conclude(result)
            lease.releaseClock()
        }
    }
}
