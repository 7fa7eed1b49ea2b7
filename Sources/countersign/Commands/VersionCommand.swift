internal import ArgumentParser
internal import Campaign

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
