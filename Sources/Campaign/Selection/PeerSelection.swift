internal import ConformanceCatalogue
internal import ConformanceEngine
package import ConformanceModel
internal import Foundation
internal import Peers

/// The stacks of a run that play as programs of their own.
package struct PeerSelection {
    /// Names in the folder of peers; `all` is every one of them.
    package var peer: [String]
    /// Paths of manifests.
    package var subject: [String]
    /// The folder of peers; nil for the one beside the scenarios.
    package var peers: String?
    /// Where compiled drivers are kept.
    package var peerBuild: String
    /// Whether the stacks are also played against each other.
    package var amongPeers: Bool

    package init(
        peer: [String] = [],
        subject: [String] = [],
        peers: String? = nil,
        peerBuild: String = PeerCache.folder(),
        amongPeers: Bool = false
    ) {
        self.peer = peer
        self.subject = subject
        self.peers = peers
        self.peerBuild = peerBuild
        self.amongPeers = amongPeers
    }

    /// The manifests of the chosen stacks.
    package func manifests(scenarios: String) throws -> [PeerManifest] {
        let subjects = try subject.map { path throws(ScenarioError) in try PeerManifest.load(path) }
        guard !peer.isEmpty else { return subjects }
        let named = try named(scenarios: scenarios)
        if let twice = subjects.first(where: { subject in named.contains { $0.stack == subject.stack } }) {
            throw CommandError.usage("the subject \(twice.stack.rawValue) has the name of a peer of the run")
        }
        return named + subjects
    }

    private func named(scenarios: String) throws -> [PeerManifest] {
        let folder = peers ?? "\(scenarios)/peers"
        let all = try PeerManifest.loadAll(in: folder)
        if peer.contains("all") { return all }
        return try peer.map { name in
            if let manifest = all.first(where: { $0.stack.rawValue == name }) { return manifest }
            if let release = PeerRelease(name) { return try release.manifest(among: all, scenarios: scenarios) }
            let known = all.map(\.stack.rawValue).joined(separator: ", ")
            throw CommandError.usage("no peer named \(name) in \(folder); there are \(known)")
        }
    }

    /// The folder for compiled drivers, absolute.
    package var buildFolder: String { URL(filePath: peerBuild).standardizedFileURL.path(percentEncoded: false) }

    /// Each stack against those in process in both roles, and with `--among-peers` against every other one.
    package func pairings(of manifests: [PeerManifest]) -> [Pairing] {
        let local = [Stack.countersign, .gnutls]
        let remote = manifests.map(\.stack)
        var pairings = remote.flatMap { stack in
            local.flatMap { [Pairing(server: stack, client: $0), Pairing(server: $0, client: stack)] }
        }
        if amongPeers {
            pairings += remote.flatMap { server in remote.map { Pairing(server: server, client: $0) } }
        }
        let roles = Dictionary(manifests.map { ($0.stack, $0.roles) }, uniquingKeysWith: { first, _ in first })
        return pairings.filter { pairing in
            Side.allCases.allSatisfy { roles[pairing[$0]]?.contains($0) ?? true }
        }
    }
}

extension RunOptions {
    /// The options of `run` that a single case of it needs again; nil when its id is enough.
    ///
    /// - Parameter scenarios: the folder that the peers lie in.
    package init?(_ selection: CaseSelection, _ peers: PeerSelection?, _ live: LiveRequest?, scenarios: String) throws {
        self.init(always: selection.scenarios.map { ["--scenarios", $0] } ?? [])
        if let peers {
            always += peers.locations
            stacks = try peers.wordsByStack(scenarios: scenarios)
        }
        if let live { always += live.words }
        if self == RunOptions() { return nil }
    }
}

extension PeerSelection {
    /// Where peers and their drivers are, if not where they are looked for.
    fileprivate var locations: [String] {
        var words: [String] = []
        if let peers { words += ["--peers", peers] }
        if peerBuild != PeerCache.folder() { words += ["--peer-build", peerBuild] }
        return words
    }

    /// The words that bring each of the chosen stacks into a run, and no other one.
    fileprivate func wordsByStack(scenarios: String) throws -> [String: [String]] {
        var words: [String: [String]] = [:]
        for manifest in try manifests(scenarios: scenarios) {
            words[manifest.stack.rawValue] = ["--peer", manifest.stack.rawValue]
        }
        for path in subject { words[try PeerManifest.load(path).stack.rawValue] = ["--subject", path] }
        return words
    }
}

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
