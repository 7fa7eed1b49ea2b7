internal import ArgumentParser
internal import ConformanceEngine

/// What `run` starts several of; not for people.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: WorkerMain.command,
        abstract: "Plays the cases that come on standard input.",
        shouldDisplay: false
    )

    func run() throws {
        try WorkerMain.run()
    }
}
