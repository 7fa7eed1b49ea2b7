import ConformanceModel
import Testing

@testable import ConformanceEngine

@Suite("Worker answers")
struct WorkerAnswerTests {
    private static let side = SideObservation(accepted: true, reachedHandshake: true)
    private static let connection = ConnectionObservation(server: side, client: side, refusedRotations: [.client])

    private static let outcomes: [PlayOutcome] = [
        .played(connections: [], control: nil),
        .played(connections: [connection, connection], control: nil),
        .played(connections: [connection], control: connection),
        .unsupported(reason: "no such mode"),
        .timedOut(reason: "after the ServerHello"),
        .crashed(reason: "signal 11"),
        .errored(reason: "no key"),
    ]

    @Test("come back as they were", arguments: outcomes)
    func results(outcome: PlayOutcome) throws {
        let answer = WorkerAnswer.result(PlayResult(index: 7, outcome: outcome, durationMs: 1.5))
        #expect(try JSONLine.value(WorkerAnswer.self, from: Array(JSONLine.bytes(answer).dropLast())) == answer)
    }

    @Test("without a case come back as they were", arguments: [WorkerAnswer.ready, .needsTime(seconds: 15)])
    func others(answer: WorkerAnswer) throws {
        #expect(try JSONLine.value(WorkerAnswer.self, from: Array(JSONLine.bytes(answer).dropLast())) == answer)
    }

    @Test(
        "that lack something are refused and not taken for a good one",
        arguments: ["{}", #"{"index":1}"#, #"{"index":1,"durationMs":2}"#, #"{"connections":[]}"#, "[]", ""]
    )
    func incomplete(line: String) {
        #expect(throws: (any Error).self) { try JSONLine.value(WorkerAnswer.self, from: Array(line.utf8)) }
    }
}
