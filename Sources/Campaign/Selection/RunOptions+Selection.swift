internal import ConformanceCatalogue
package import ConformanceModel

extension RunOptions {
    /// What `run` was told that a single case of it needs again; nil when its id is enough.
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
        if peerBuild != ".build/peers" { words += ["--peer-build", peerBuild] }
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
