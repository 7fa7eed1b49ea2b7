internal import ConformanceCatalogue
package import ConformanceModel
internal import Foundation

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
