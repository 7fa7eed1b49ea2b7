package import Foundation

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

    /// A program that isn't looked for, such as one that was built just now.
    package init(executable: URL) {
        self.executable = executable
    }

    /// Whether the program is there.
    package static func isInstalled(_ name: String) -> Bool { PeerProgram(name) != nil }

    /// Starts the program; its output is read all the time, so that it never waits for a reader.
    ///
    /// - Parameter input: What it reads on standard input, which then stays open until the program ends; nil is an
    ///   input that is at its end.
    package func start(_ arguments: [String], in folder: String, input: String? = nil) throws -> RunningProgram {
        try RunningProgram(executable, arguments, in: folder, input: input)
    }

    /// Runs the program to its end.
    package func run(_ arguments: [String], in folder: String) async throws -> Outcome {
        let running = try start(arguments, in: folder)
        let status = await running.end()
        return Outcome(status: status, output: running.output, errors: running.errors)
    }
}
