internal import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceModel
internal import Peers

/// One release of a peer, `--peer nats-server@2.12.1`: the peer's manifest on the program of an installed release.
struct PeerRelease {
    let name: ReleaseName
    let cache: ReleaseCache

    /// Nil for the name of a peer without a version.
    init?(_ text: String, cache: ReleaseCache = ReleaseCache()) {
        guard let name = ReleaseName(text) else { return nil }
        self.name = name
        self.cache = cache
    }

    /// The manifest of the peer, whose commands start the release, and whose name is the release's.
    ///
    /// A run downloads nothing: a release that isn't installed is an error that names the command for it.
    func manifest(among all: [PeerManifest], scenarios: String) throws -> PeerManifest {
        guard var manifest = all.first(where: { $0.stack.rawValue == name.program }) else {
            let known = all.map(\.stack.rawValue).joined(separator: ", ")
            throw CommandError.usage("no peer named \(name.program) for \(name); there are \(known)")
        }
        let sources = try ReleaseSources.load(directory: scenarios)
        guard let source = sources[name.program] else {
            let known = sources.names.sorted().joined(separator: ", ")
            throw CommandError.usage(
                "\(name): no registry is known for \(name.program) in \(sources.file); there are \(known)"
            )
        }
        guard cache.isInstalled(name, source) else {
            throw CommandError.usage(
                "\(name) is not installed; countersign install-peers \(name) downloads about \(source.megabytes) MB"
            )
        }
        let release = cache.installed(name, source)
        let old = manifest.program
        func replaced(_ words: [String]) -> [String] {
            words.map { $0 == old || $0 == name.program ? release.program : $0 }
        }
        manifest.stack = Stack(rawValue: "\(name)")
        manifest.title += " \(name.version)"
        manifest.package = source.origin
        manifest.program = release.program
        manifest.version.command = replaced(manifest.version.command)
        manifest.version.minimum = nil
        manifest.build = manifest.build.map(replaced)
        manifest.driver = manifest.driver.map(replaced)
        manifest.environment.merge(release.environment) { $1 }
        for plan in [\PeerManifest.server, \PeerManifest.client] {
            if let launch = manifest[keyPath: plan]?.launch { manifest[keyPath: plan]?.launch = launch.map(replaced) }
        }
        return manifest
    }
}
