import Foundation

/// The engine as its users start it: the built program.
struct Engine {
    /// One case as the results tell it.
    struct Played: Decodable {
        struct Expectation: Decodable {
            struct Outcome: Decodable {
                var decision: String
            }

            var outcome: Outcome
        }

        var id: String
        var axes: [String: String]
        var server: String
        var client: String
        var verdict: String
        var expected: [Expectation]
    }

    private struct Results: Decodable {
        var cases: [Played]
    }

    let program: String
    let scenarios: String

    /// Plays cases with so many workers; what the whole process took, its start included.
    func run(_ globs: [String], jobs: Int) throws -> Spent {
        try Spent.by { try start(globs + ["--jobs", "\(jobs)"]) }
    }

    /// Plays cases once, and reads what was played.
    func results(_ globs: [String]) throws -> [Played] {
        let file = FileManager.default.temporaryDirectory.appending(path: "countersign-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try start(globs + ["--json", file.path()])
        return try JSONDecoder().decode(Results.self, from: Data(contentsOf: file)).cases
    }

    private func start(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["run", "--scenarios", scenarios, "--seed", "7", "--quiet"] + arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError.engine(process.terminationStatus) }
    }
}

/// Why there is no measurement.
enum BenchmarkError: Error {
    /// The engine's process ended otherwise than with 0.
    case engine(Int32)
    /// A case is none that the floor can play.
    case unknown(case: String)
    /// The floor could not play a case.
    case floor(case: Int)
    case usage(String)
}
