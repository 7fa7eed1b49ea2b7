internal import ConformanceModel
internal import Glibc
internal import Subprocess
internal import SystemPackage

/// One place among a run's jobs: a worker process, and its successor when it dies.
struct WorkerProcess: Sendable {
    let configuration: RunnerConfiguration
    let queue: WorkQueue
    let deliver: @Sendable (PlayResult) -> Void

    /// Plays from the queue until it is empty or the task is cancelled.
    ///
    /// - Throws: ``RunnerError`` when a worker cannot do its work whatever the case.
    func serve() async throws {
        var killedStarts = 0
        while !queue.isEmpty, !Task.isCancelled {
            let lease = Lease(queue: queue, window: Self.window)
            let (status, complaint) = try await runWorker(lease)
            killedStarts = !lease.isReady && status.isKill ? killedStarts + 1 : 0
            // Whoever kills workers does it at their start too, but not for ever.
            if (1...Self.tolerableKilledStarts).contains(killedStarts) { continue }
            try settleRest(of: lease, status: status, complaint: complaint)
        }
    }

    private static let tolerableKilledStarts = 5

    /// The worker is at the first request, and the others are there already when it is done with that.
    private static let window = 16

    private static let tolerableLateness = Duration.milliseconds(500)

    private func runWorker(_ lease: Lease) async throws -> (TerminationStatus, complaint: String) {
        let answers = try AnswerPipe()
        let result = try await run(
            .path(FilePath(configuration.executable)),
            arguments: [WorkerMain.command],
            environment: environment,
            platformOptions: platformOptions,
            input: .inputWriter,
            output: .fileDescriptor(answers.writeEnd, closeAfterSpawningProcess: true),
            error: .sequence
        ) { execution in
            let complaint = ComplaintTail()
            let (orders, feed) = AsyncStream<[UInt8]>.makeStream()
            async let fed: Void = {
                // A worker that died reads no more: the end of its output tells that better.
                for await bytes in orders where (try? await execution.standardInputWriter.write(bytes)) == nil {}
                try? await execution.standardInputWriter.finish()
            }()
            async let heard: Void = {
                for try await buffer in execution.standardError { complaint.add(buffer.withUnsafeBytes { Array($0) }) }
            }()
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await killWhenOverdue(lease) { try execution.send(signal: .kill) } }
                    try await converse(lease, answers: answers, feed: feed)
                    group.cancelAll()
                }
            } catch {
                feed.finish()
                try? execution.send(signal: .kill)
                throw error
            }
            feed.finish()
            await fed
            try await heard
            return complaint.text
        }
        return (result.terminationStatus, result.closureResult)
    }

    /// Its own process group, so that a Ctrl-C at the terminal reaches the runner alone.
    private var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        return options
    }

    private var environment: Environment {
        var values: [Environment.Key: String?] = [
            // A trace of a crash takes longer than many cases; a case that crashes can be played alone.
            "SWIFT_BACKTRACE": "enable=no"
        ]
        for (name, value) in configuration.environment {
            values[Environment.Key(stringLiteral: name)] = value
        }
        return .inherit.updating(values)
    }

    /// Hands a result on, with why earlier plays of its case did not count.
    func conclude(_ result: PlayResult) {
        var result = result
        result.retriedAfter = queue.causes(of: result.index)
        deliver(result)
    }

    private func killWhenOverdue(_ lease: Lease, kill: () throws -> Void) async throws {
        let limit = Duration.seconds(configuration.deadlineSeconds)
        while true {
            // Woken at the end of the current case's time, or of what would be the next one's.
            let wake = max(lease.end(limit: limit), .now + .milliseconds(50))
            guard (try? await Task.sleep(until: wake, clock: .continuous)) != nil else { return }
            if wake.duration(to: .now) > Self.tolerableLateness {
                // This process did not get to run, so the answer may be there and not be read yet.
                lease.restartClock()
            } else if lease.checkOverdue(limit: limit) {
                break
            }
        }
        try? kill()
    }

    /// The first request that has no answer is the one that the worker died of; the others were not begun.
    private func settleRest(of lease: Lease, status: TerminationStatus, complaint: String) throws {
        let rest = lease.unanswered
        guard !Task.isCancelled else { return }
        guard lease.isReady else {
            throw RunnerError.workerDidNotStart(
                executable: configuration.executable,
                status: status.sentence,
                complaint: complaint
            )
        }
        guard let first = rest.first else { return }
        queue.giveBack(rest.dropFirst())
        if status.isKill, !lease.isOverdue, queue.retry(first, after: EnvironmentCause.kill) { return }
        let seconds = configuration.deadlineSeconds
        let outcome: PlayOutcome =
            // Where this process got no time to look, the worker's own alarm has ended it.
            if lease.isOverdue || status == .signaled(SIGALRM) {
                .timedOut(reason: "no end within \(seconds) s; the worker that played it was killed")
            } else {
                .crashed(reason: "the worker that played it ended: \(status.sentence)\(cause(complaint))")
            }
        let elapsed = lease.headSince.duration(to: .now) / .milliseconds(1)
        conclude(PlayResult(index: first.index, outcome: outcome, durationMs: elapsed))
    }

    /// Swift says no more than that it got no memory.
    private func cause(_ complaint: String) -> String {
        guard complaint.contains("failed to allocate") || complaint.contains("allocate memory") else {
            return ComplaintTail.clause(complaint)
        }
        return "; it asked for more memory than the \(configuration.memoryMiB) MiB that a worker may have"
    }
}

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
