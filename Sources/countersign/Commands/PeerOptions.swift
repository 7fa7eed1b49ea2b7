internal import ArgumentParser
internal import ConformanceCatalogue
internal import ConformanceEngine
internal import ConformanceModel
internal import Foundation

/// The arguments that bring stacks into a run that play as programs of their own.
struct PeerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Plays this stack of the folder of peers; may be repeated, and `all` is every one of them.",
            valueName: "name"
        )
    )
    var peer: [String] = []

    @Option(
        help: ArgumentHelp("Plays the stack of this manifest, wherever it is; may be repeated.", valueName: "manifest")
    )
    var subject: [String] = []

    @Option(help: ArgumentHelp("The folder of peers; scenarios/peers by default.", valueName: "dir"))
    var peers: String?

    @Option(help: ArgumentHelp("Where compiled drivers are kept; .build/peers by default.", valueName: "dir"))
    var peerBuild: String = ".build/peers"

    @Flag(help: "Plays the chosen stacks against each other too, and not only against those in process.")
    var amongPeers = false

    @Option(
        help: ArgumentHelp(
            "Writes the matrix of stacks, and a page for each of them, into this folder.",
            valueName: "dir"
        )
    )
    var interop: String?

    /// Whether a run has such stacks.
    var isGiven: Bool { !peer.isEmpty || !subject.isEmpty }

    /// The manifests of the chosen stacks.
    func manifests(scenarios: String) throws -> [PeerManifest] {
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
            let known = all.map(\.stack.rawValue).joined(separator: ", ")
            throw CommandError.usage("no peer named \(name) in \(folder); there are \(known)")
        }
    }

    /// The folder for compiled drivers, absolute.
    var buildFolder: String { URL(filePath: peerBuild).standardizedFileURL.path(percentEncoded: false) }

    /// Each stack against those in process in both roles, and with `--among-peers` against every other one.
    func pairings(of manifests: [PeerManifest]) -> [Pairing] {
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
