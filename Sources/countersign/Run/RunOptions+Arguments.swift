internal import ConformanceCatalogue
internal import ConformanceModel

extension RunOptions {
    /// What `run` was told that a single case of it needs again; nil when its id is enough.
    ///
    /// - Parameter scenarios: the folder that the peers lie in.
    init?(_ selection: SelectionOptions, _ peers: PeerOptions, _ live: LiveOptions, scenarios: String) throws {
        self.init(always: selection.scenarios.map { ["--scenarios", $0] } ?? [])
        if peers.isGiven {
            always += peers.locations
            stacks = try peers.wordsByStack(scenarios: scenarios)
        }
        if live.isGiven { always += live.words }
        if self == RunOptions() { return nil }
    }
}

extension PeerOptions {
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

extension LiveOptions {
    /// The words that these options were given by.
    fileprivate var words: [String] {
        let given: [(String, String?)] = [
            ("--target", target), ("--client-trigger", clientTrigger), ("--mode", mode?.rawValue),
            ("--issuer-cert", issuerCert), ("--issuer-key", issuerKey), ("--server-name", serverName), ("--ca", ca),
            ("--speaks", speaks?.rawValue), ("--implementation", implementation),
            ("--silence", silence == 500 ? nil : String(silence)),
        ]
        return given.flatMap { name, value in value.map { [name, $0] } ?? [] }
    }
}
