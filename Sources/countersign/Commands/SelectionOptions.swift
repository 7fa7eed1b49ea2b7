internal import ArgumentParser
internal import Conformance

/// The arguments that choose cases; `run` and `list` share them.
struct SelectionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Which cases, by id; `*` is any text, `?` one character, and the start of an id up to a slash is enough.",
            valueName: "id-glob"
        )
    )
    var globs: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder of scenarios; otherwise ./scenarios, or the one beside or above the executable.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    @Option(help: ArgumentHelp("Only cases in which this stack plays a side; may be repeated.", valueName: "name"))
    var stack: [String] = []

    @Option(help: ArgumentHelp("Only the I-th of N parts, counted from 1; a case stays in its part.", valueName: "i/n"))
    var shard: Shard?

    /// Whether this is the whole catalogue, so that a rule without a case is worth a finding. A folder of the user's own
    /// need not hit each rule.
    var isWhole: Bool { globs.isEmpty && stack.isEmpty && shard == nil && scenarios == nil }

    /// The chosen cases, ordered by id; never empty.
    func select() throws -> (catalogue: Catalogue, cases: [ConformanceCase]) {
        let catalogue = try Catalogue.load(directory: ScenarioFolder.find(named: scenarios))
        let selected = try catalogue.select(globs: globs, stacks: stack.map(Stack.init(rawValue:)))
        return (catalogue, try sharded(selected))
    }

    /// The cases of the chosen scenarios, replayed with stacks that play as programs.
    func select(_ peers: PeerOptions) throws -> (catalogue: Catalogue, cases: [ConformanceCase], [PeerManifest]) {
        let folder = try ScenarioFolder.find(named: scenarios)
        let manifests = try peers.manifests(scenarios: folder)
        let catalogue = try Catalogue.load(directory: folder)
        let chosen = globs.isEmpty ? try InteropSelection.load(beside: folder) : globs
        let replayed = try catalogue.replayed(
            by: peers.pairings(of: manifests),
            globs: chosen,
            deviations: catalogue.deviations(for: manifests),
            // Named cases may be ones of which no entry speaks.
            checking: globs.isEmpty ? Set(manifests.map(\.stack)) : []
        )
        let selected = try replayed.select(stacks: stack.map(Stack.init(rawValue:)))
        return (replayed, try sharded(selected), manifests)
    }

    private func sharded(_ selected: [ConformanceCase]) throws -> [ConformanceCase] {
        guard let shard else { return selected }
        let cases = selected.filter { shard.contains($0.id) }
        guard !cases.isEmpty else {
            throw CommandError.usage(
                "shard \(shard.index)/\(shard.count) holds none of the \(selected.count) chosen cases, "
                    + "and an empty run would look like a good one; take fewer shards"
            )
        }
        return cases
    }
}
