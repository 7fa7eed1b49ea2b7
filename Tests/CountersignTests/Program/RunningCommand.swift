import Foundation
import Testing

/// The built program while it runs, and the lines of JSON that it writes.
final class RunningCommand {
    private let process = Process()
    private let output = Pipe()
    private var buffered = Data()

    init(_ arguments: [String], in folder: URL) throws {
        process.executableURL = Program.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    /// Waits for the next line.
    func nextLine() throws -> [String: Any] {
        while true {
            if let end = buffered.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(buffered[..<end])
                buffered = Data(buffered[(end + 1)...])
                return try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            }
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the program ended before its next line")
            buffered += more
        }
    }

    /// Waits for the end, and returns the status.
    func end() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}
