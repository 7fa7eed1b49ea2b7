internal import Foundation
internal import Synchronization

/// A started program. It is killed with the value.
package final class RunningProgram: Sendable {
    private enum Stream: Int { case output, errors }

    private struct State {
        var texts = [Data(), Data()]
        var openStreams = 2
        var status: Int32?
        var endWaiters: [CheckedContinuation<Int32, Never>] = []
        var textWaiters: [(text: String, continuation: CheckedContinuation<Bool, Never>)] = []

        var all: String { texts.map { String(decoding: $0, as: UTF8.self) }.joined() }
        var ended: Int32? { openStreams == 0 ? status : nil }
    }

    private let process = Process()
    private let input = Pipe()
    private let state = Mutex(State())

    init(_ executable: URL, _ arguments: [String], in folder: String, input text: String?) throws {
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = text == nil ? FileHandle.nullDevice : input
        process.standardOutput = output
        process.standardError = errors
        process.terminationHandler = { [weak self] process in self?.change { $0.status = process.terminationStatus } }
        try process.run()
        if let text { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }
        for (stream, pipe) in [(Stream.output, output), (.errors, errors)] { collect(stream, pipe) }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? input.fileHandleForWriting.close()
        try? input.fileHandleForReading.close()
    }

    /// The text that it has written to standard output so far.
    package var output: String { state.withLock { String(decoding: $0.texts[0], as: UTF8.self) } }
    /// The text that it has written to standard error so far.
    package var errors: String { state.withLock { String(decoding: $0.texts[1], as: UTF8.self) } }

    /// Waits for the end, and returns the status.
    package func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> Int32? in
                if state.ended == nil { state.endWaiters.append(continuation) }
                return state.ended
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits until the program has written the text; false when it has ended without.
    package func hasWritten(_ text: String) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if state.all.contains(text) { return true }
                if state.ended != nil { return false }
                state.textWaiters.append((text, continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    package func signal(_ number: Int32) {
        if process.isRunning { kill(process.processIdentifier, number) }
    }

    /// A thread that blocks, since a readability handler may outlive its descriptor in Foundation on Linux.
    private func collect(_ stream: Stream, _ pipe: Pipe) {
        Thread.detachNewThread { [weak self] in
            while true {
                let data = pipe.fileHandleForReading.availableData
                self?.change { state in
                    state.texts[stream.rawValue] += data
                    if data.isEmpty { state.openStreams -= 1 }
                }
                guard data.isEmpty else { continue }
                // Nobody else does so before the process object goes, which may outlive this one.
                try? pipe.fileHandleForReading.close()
                return
            }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let (status, ended, answers) = state.withLock { state in
            body(&state)
            let all = state.all
            let isOver = state.ended != nil
            let answered = state.textWaiters.filter { isOver || all.contains($0.text) }
            state.textWaiters.removeAll { isOver || all.contains($0.text) }
            defer { if isOver { state.endWaiters = [] } }
            return (
                state.ended, isOver ? state.endWaiters : [],
                answered.map { ($0.continuation, all.contains($0.text)) }
            )
        }
        for (continuation, answer) in answers { continuation.resume(returning: answer) }
        if let status { for waiter in ended { waiter.resume(returning: status) } }
    }
}
