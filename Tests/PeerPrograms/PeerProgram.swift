internal import Foundation

/// A program of the system that tests talk to.
package struct PeerProgram: Sendable {
    /// How one run of a program ended.
    package struct Outcome: Sendable {
        package let status: Int32
        package let output: String
        package let errors: String
    }

    private let executable: URL

    /// Looks the name up in PATH, and in the folders of system programs that PATH may lack.
    package init?(_ name: String) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let found = (folders + ["/usr/sbin", "/usr/local/sbin"])
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { return nil }
        executable = URL(fileURLWithPath: found)
    }

    /// Whether the program is there.
    package static func isInstalled(_ name: String) -> Bool { PeerProgram(name) != nil }

    /// Starts the program; its output goes to files, so that it never waits for a reader.
    package func start(_ arguments: [String], in folder: String) throws -> RunningProgram {
        try RunningProgram(executable, arguments, in: folder)
    }

    /// Runs the program to its end.
    package func run(_ arguments: [String], in folder: String) async throws -> Outcome {
        let running = try start(arguments, in: folder)
        let status = await running.end()
        return Outcome(status: status, output: running.output, errors: running.errors)
    }
}
