internal import ArgumentParser
internal import Campaign
internal import ConformanceEngine
internal import Peers

/// `countersign worker`, which `run` starts once for each job.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: WorkerMain.command,
        abstract: "Plays cases that come as lines on standard input.",
        discussion: "Example: none; countersign run starts its workers itself.",
        shouldDisplay: false
    )

    func run() throws {
        try WorkerMain.run(peerPlayer: PeerHost.init)
    }
}

/// `countersign version`
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the version of this program, its commit, its TLS libraries and its catalogue.",
        discussion: """
            The commit is the one that the program was installed from; for a build in a clone, the clone's. The catalogue's \
            digest is that of results: two runs with one digest played the same scenarios.

            Example: countersign version
            Example: countersign version --json
            """
    )

    @Flag(help: "Prints JSON.")
    var json = false

    func run() throws {
        let build = try BuildRecord(libraries: StackRegistry.standard().versions)
        print(json ? try build.json : build.text)
    }
}
