internal import Foundation
internal import Synchronization

/// A started program, which is stopped with the value.
package final class RunningProgram: Sendable {
    private struct State {
        var status: Int32?
        var waiters: [CheckedContinuation<Int32, Never>] = []
    }

    private let process = Process()
    private let outputFile: URL
    private let errorFile: URL
    private let state = Mutex(State())

    init(_ executable: URL, _ arguments: [String], in folder: String) throws {
        let name = "\(FileManager.default.temporaryDirectory.path())/countersign-run-\(UUID().uuidString)"
        outputFile = URL(fileURLWithPath: "\(name).out")
        errorFile = URL(fileURLWithPath: "\(name).err")
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        process.terminationHandler = { [weak self] process in self?.ended(process.terminationStatus) }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for file in [outputFile, errorFile] { try? FileManager.default.removeItem(at: file) }
    }

    /// Waits for the end, and returns the status.
    package func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> Int32? in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    package var hasEnded: Bool { state.withLock { $0.status != nil } }

    package func signal(_ number: Int32) {
        if process.isRunning { kill(process.processIdentifier, number) }
    }

    package func output() throws -> String { String(decoding: try Data(contentsOf: outputFile), as: UTF8.self) }

    package func errors() throws -> String { String(decoding: try Data(contentsOf: errorFile), as: UTF8.self) }

    private func ended(_ status: Int32) {
        let waiters = state.withLock { state in
            state.status = status
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }
}
