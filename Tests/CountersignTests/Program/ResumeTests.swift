import ConformanceModel
import Foundation
import Testing

@testable import Campaign

@Suite("The program, when it is killed", .serialized)
struct ResumeTests {
    @Test("50 kills of runner or worker at random moments, then the end: the results are those of an undisturbed run")
    func kills() async throws {
        let program = try Program(variants: 150)
        defer { program.remove() }
        let now = "\(Int64(Date.now.timeIntervalSince1970))"
        let arguments = ["run", "--scenarios", "scenarios", "--seed", "7", "--now", now, "--jobs", "2"]
        #expect(try program.run(arguments + ["--json", "undisturbed.json"]).status == 0)

        var random = SeededGenerator(seed: 11)
        var kills = (runner: 0, worker: 0)
        let journal = program.folder.appending(path: "journal").path()
        while kills.runner + kills.worker < 50 {
            let process = try program.start(arguments + ["--journal", "journal", "--resume"])
            while process.isRunning, kills.runner + kills.worker < 50 {
                // A moment is a length that the journal has come to: at the start, in a case, or between two.
                let mark = size(journal) + Int.random(in: 0...12_000, using: &random)
                while process.isRunning, size(journal) < mark { await Task.yield() }
                if Bool.random(using: &random) {
                    kill(process.processIdentifier, SIGKILL)
                    kills.runner += 1
                    break
                }
                if let worker = children(process).randomElement(using: &random), kill(worker, SIGKILL) == 0 {
                    kills.worker += 1
                }
            }
            process.waitUntilExit()
            // A run that came to its end is no longer one to kill.
            if process.terminationReason == .exit, kills.runner + kills.worker < 50 {
                try FileManager.default.removeItem(atPath: journal)
            }
        }
        #expect(kills.runner > 10 && kills.worker > 10, "\(kills)")

        let end = try program.run(arguments + ["--journal", "journal", "--resume", "--json", "resumed.json"])
        #expect(end.status == 0, "\(end.output)\(end.errors)")
        var resumed = try program.report("resumed.json").withoutTimes
        for index in resumed.cases.indices { resumed.cases[index].flaky = nil }
        #expect(try resumed == program.report("undisturbed.json").withoutTimes)
        let lines = program.contents("journal").split(separator: "\n")
        #expect(lines.count == 600 + 2, "a header, each case once, and the end")
    }

    @Test("A journal of another run, or of one that would be lost, is refused")
    func refused() throws {
        let program = try Program()
        defer { program.remove() }
        let arguments = ["run", "--scenarios", "scenarios", "--journal", "journal"]
        #expect(try program.run(arguments + ["--seed", "7"]).status == 0)
        let other = try program.run(arguments + ["--seed", "8", "--resume"])
        #expect(other.status == 2)
        #expect(other.errors.contains("is of another run: the seed was 7 and is 8"))
        #expect(try program.run(arguments + ["--resume"]).output.contains("with the seed 7"))
        let ended = try program.run(arguments + ["--seed", "8"])
        #expect(ended.status == 2, "results are never replaced unasked")
        #expect(ended.errors.contains("the journal journal holds"), "\(ended.errors)")
        #expect(ended.errors.contains("results of a run that came to its end; go on with --resume, or remove the file"))
        #expect(!program.contents("journal").isEmpty)

        let whole = program.contents("journal").split(separator: "\n", omittingEmptySubsequences: false)
        let part = whole.prefix(3).joined(separator: "\n") + "\n"
        try Data(part.utf8).write(to: program.folder.appending(path: "journal"))
        let lost = try program.run(arguments)
        #expect(lost.status == 2)
        #expect(lost.errors.contains("holds 2 results of a run that did not end; go on with --resume"))
        #expect(try program.run(["run", "--resume"]).errors.contains("--resume needs --journal PATH"))
    }

    private func size(_ path: String) -> Int {
        var info = stat()
        return stat(path, &info) == 0 ? Int(info.st_size) : 0
    }

    /// Linux keeps children by the thread that made them.
    private func children(_ process: Process) -> [pid_t] {
        let tasks = "/proc/\(process.processIdentifier)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return threads.flatMap { thread in
            let text = FileManager.default.contents(atPath: "\(tasks)/\(thread)/children") ?? Data()
            return String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
        }
    }
}

/// SplitMix64: the same numbers in each run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
