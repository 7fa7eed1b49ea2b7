internal import ArgumentParser
internal import Campaign
internal import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceModel
internal import Peers
internal import Reproduction

/// `countersign install-peers`
struct InstallPeersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install-peers",
        abstract: "Installs releases of other people's programs into the cache, and into nothing else.",
        discussion: """
            The cache is $XDG_CACHE_HOME/countersign/releases, or ~/.cache/countersign/releases. pip and apt-get download, \
            and compare what they get with the digests of their indexes. Without a release the known programs are listed.

            `countersign install-peers caddy@2.10.2 caddy@2.11.7` installs two. Ends with 2 when one of them can't be had.

            Example: countersign install-peers
            """
    )

    @Argument(help: ArgumentHelp("Releases, NAME@VERSION.", valueName: "release"))
    var releases: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder of scenarios; otherwise ./scenarios, or those that were installed with the program.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    func run() throws {
        let session = try ReleaseSession(scenarios: try ScenarioFolder.find(named: scenarios))
        guard !releases.isEmpty else {
            for source in session.sources.sources.sorted(by: { $0.name < $1.name }) {
                let size = source.isOfMachine ? "as it is" : "about \(source.megabytes) MB a release"
                print("\(source.name)\t\(source.title)\t\(source.origin)\t\(size)")
            }
            return
        }
        let names = try releases.map { text in
            guard let name = ReleaseName(text) else {
                throw CommandError.usage("\(text): expected NAME@VERSION, such as caddy@2.10.2")
            }
            return name
        }
        var reasons: [String] = []
        for name in names {
            let source = try session.source(of: name)
            if !source.isOfMachine, session.cache.isInstalled(name, source) {
                print("\(name) is installed: \(session.cache.installed(name, source).program)")
                continue
            }
            if !source.isOfMachine { ErrorOutput.write("\(try session.announcement(of: name))\n") }
            do {
                print("\(name) is installed: \(try session.install(name).program)")
            } catch let error as CommandError {
                throw error
            } catch {
                reasons.append("\(error)")
            }
        }
        guard reasons.isEmpty else { throw CommandError.usage(reasons.joined(separator: "\ncountersign: ")) }
    }
}

/// Says what is downloaded, and downloads it.
enum ReleaseInstallation {
    /// A release that can't be had is told on standard error; its failure modes are skipped later, and say why.
    static func installMissing(for pairs: [ReleasePair], _ session: ReleaseSession) throws {
        for release in try session.missing(for: pairs) {
            ErrorOutput.write("\(try session.announcement(of: release))\n")
            do {
                try session.install(release)
            } catch let error as CommandError {
                throw error
            } catch {
                ErrorOutput.write("countersign: \(error)\n")
            }
        }
    }
}
