import ConformanceModel
import Glibc
import Synchronization
import Testing

@testable import ConformanceEngine

@Suite("Runner")
struct RunnerTests {
    private static func requests(_ count: Int) -> [PlayRequest] {
        (0..<count).map { index in
            let setting = Setting.all[index % Setting.all.count]
            let credential = index.isMultiple(of: 3) ? "stranger" : "client"
            let testCase = SampleCase.make("runner/\(index)", setting, credential: credential) {
                SampleCase.addControl(&$0)
            }
            return PlayRequest(index: index, testCase: testCase, playsControl: credential == "stranger")
        }
    }

    private static func configuration(jobs: Int, deadline: Int = 10, fault: String? = nil) -> RunnerConfiguration {
        RunnerConfiguration(
            jobs: jobs,
            seed: 42,
            now: Present.now,
            deadlineSeconds: deadline,
            executable: Program.path,
            environment: fault.map { [WorkerFault.variable: $0] } ?? [:]
        )
    }

    @Test("plays every case once, and sees in workers what it sees in its own process", arguments: [1, 2])
    func sameAsHere(jobs: Int) async throws {
        let requests = Self.requests(40)
        let here = ResultCollector()
        let there = ResultCollector()
        try await Runner(Self.configuration(jobs: 0)).run(requests) { here.add($0) }
        let ending = try await Runner(Self.configuration(jobs: jobs)).run(requests) { there.add($0) }
        #expect(ending.isComplete)
        #expect(there.all.map(\.index).sorted() == Array(0..<40))
        #expect(there.outcomes == here.outcomes)
    }

    @Test("loses the one case that its worker died of", arguments: [1, 2])
    func crash(jobs: Int) async throws {
        let requests = Self.requests(40)
        let collector = ResultCollector()
        let fault = "abort:\(requests[5].testCase.id)"
        let ending = try await Runner(Self.configuration(jobs: jobs, fault: fault)).run(requests) { collector.add($0) }
        #expect(ending.isComplete)
        #expect(collector.outcomes[5] == .crashed(reason: "the worker that played it ended: signal 6 (SIGABRT)"))
        #expect(collector.all.count == 40)
        #expect(collector.outcomes.values.filter(\.isPlayed).count == 39)
    }

    @Test("ends a case that does not end, and plays the others")
    func hang() async throws {
        let requests = Self.requests(20)
        let collector = ResultCollector()
        let configuration = Self.configuration(jobs: 1, deadline: 1, fault: "spin:\(requests[3].testCase.id)")
        try await Runner(configuration).run(requests) { collector.add($0) }
        #expect(collector.outcomes[3] == .timedOut(reason: "no end within 1 s; the worker that played it was killed"))
        #expect(collector.outcomes.values.filter(\.isPlayed).count == 19)
    }

    @Test("blames no worker for a result that takes longer to be written down than a case may take")
    func slowDisk() async throws {
        let collector = ResultCollector()
        let requests = Self.requests(20).map { request in
            var request = request
            // The answers of a worker then are more than its pipe holds, so that it waits for its reader.
            request.testCase.steps = Array(repeating: [.connect, .exchange], count: 12).flatMap(\.self)
            return request
        }
        try await Runner(Self.configuration(jobs: 2, deadline: 2)).run(requests) { result in
            collector.add(result)
            // As a disk does that is asked to synchronise a file.
            if collector.all.count == 2 { poll(nil, 0, 2500) }
        }
        #expect(collector.outcomes.values.filter(\.isPlayed).count == 20)
    }

    @Test("plays a case again whose environment failed, and says why")
    func busy() async throws {
        let requests = Self.requests(20)
        let collector = ResultCollector()
        let configuration = Self.configuration(jobs: 1, fault: "busy-once:\(requests[3].testCase.id)")
        try await Runner(configuration).run(requests) { collector.add($0) }
        #expect(collector.all.count == 20)
        #expect(collector.outcomes[3]?.isPlayed == true)
        let retried = collector.all.filter { !$0.retriedAfter.isEmpty }
        #expect(retried.map(\.index) == [3])
        #expect(retried.first?.retriedAfter == ["no listener: Address already in use"])
    }

    @Test("plays a case again whose worker was killed from outside, but not for ever")
    func killed() async throws {
        let requests = Self.requests(20)
        let collector = ResultCollector()
        let configuration = Self.configuration(jobs: 1, fault: "kill:\(requests[3].testCase.id)")
        try await Runner(configuration).run(requests) { collector.add($0) }
        #expect(collector.outcomes[3] == .crashed(reason: "the worker that played it ended: signal 9 (SIGKILL)"))
        #expect(collector.all.first { $0.index == 3 }?.retriedAfter.count == 2)
        #expect(collector.outcomes.values.filter(\.isPlayed).count == 19)
    }

    @Test("loses the one case that eats memory, and says so")
    func memory() async throws {
        let requests = Self.requests(20)
        let collector = ResultCollector()
        var configuration = Self.configuration(jobs: 1, fault: "eat:\(requests[3].testCase.id)")
        configuration.memoryMiB = 256
        try await Runner(configuration).run(requests) { collector.add($0) }
        guard case .crashed(let reason) = collector.outcomes[3] else {
            Issue.record("the case ended as \(String(describing: collector.outcomes[3]))")
            return
        }
        #expect(reason.hasSuffix("it asked for more memory than the 256 MiB that a worker may have"), "\(reason)")
        #expect(collector.outcomes.values.filter(\.isPlayed).count == 19)
    }

    #if Selftest
    @Test("plays each case with the mutant that its request names")
    func mutants() async throws {
        let requests = Self.requests(6).flatMap { request in
            [nil, "acceptAnyCertificate"].enumerated().map { position, mutant in
                var request = request
                request.index = request.index * 2 + position
                request.libraryMutant = mutant
                return request
            }
        }
        let here = ResultCollector()
        let there = ResultCollector()
        for (mutant, parity) in [(String?.none, 0), ("acceptAnyCertificate", 1)] {
            var configuration = Self.configuration(jobs: 0)
            configuration.libraryMutant = mutant
            try await Runner(configuration).run(requests.filter { $0.index % 2 == parity }) { here.add($0) }
        }
        try await Runner(Self.configuration(jobs: 2)).run(requests) { there.add($0) }
        #expect(there.outcomes == here.outcomes)
        #expect(there.outcomes.contains { $0.key % 2 == 0 && there.outcomes[$0.key + 1] != $0.value })
    }
    #endif

    @Test("says that a program is no worker")
    func notAWorker() async throws {
        var configuration = Self.configuration(jobs: 1)
        configuration.executable = "/bin/false"
        let expected = RunnerError.workerDidNotStart(executable: "/bin/false", status: "exit code 1", complaint: "")
        await #expect(throws: expected) { try await Runner(configuration).run(Self.requests(1)) { _ in } }
    }

    @Test("delivers what was played when it is cancelled", arguments: [0, 2])
    func cancellation(jobs: Int) async throws {
        let collector = ResultCollector()
        // The first result cancels its own run, so that no other thread has to be quick enough.
        let running = Mutex<Task<RunEnding, any Error>?>(nil)
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let run = Task {
            for await _ in gate {}
            return try await Runner(Self.configuration(jobs: jobs)).run(Self.requests(2_000)) {
                collector.add($0)
                running.withLock { $0?.cancel() }
            }
        }
        running.withLock { $0 = run }
        opening.finish()
        let ending = try await run.value
        #expect(!ending.isComplete)
        #expect(ending.played == collector.all.count)
        #expect(ending.played >= 1)
    }

    @Test("plays nothing when there is nothing")
    func empty() async throws {
        let ending = try await Runner(Self.configuration(jobs: 2)).run([]) { _ in }
        #expect(ending.isComplete)
    }
}

extension PlayOutcome {
    fileprivate var isPlayed: Bool {
        if case .played = self { true } else { false }
    }
}
