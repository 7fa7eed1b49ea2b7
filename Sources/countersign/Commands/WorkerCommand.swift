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
        abstract: "Prints the version of this program.",
        discussion: "Example: countersign version"
    )

    func run() {
        print("countersign \(Version.text)")
    }
}
