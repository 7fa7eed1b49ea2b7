/// The plan of a run, by which its parts are merged and two runs are distinguished.
package struct RunPlanRecord: Hashable, Codable, Sendable {
    /// The selection of the cases, before they were spread over shards.
    package struct Selection: Hashable, Codable, Sendable {
        package var globs: [String]
        package var stacks: [String]
        /// `all`, or how many axes are covered in every combination.
        package var strength: String
        /// The stacks that played as programs, or that somebody else ran; nil when all play in process.
        package var peers: [String]?
        /// Whether those stacks met each other too.
        package var amongPeers: Bool?

        package init(
            globs: [String] = [],
            stacks: [String] = [],
            strength: String = "all",
            peers: [String]? = nil,
            amongPeers: Bool? = nil
        ) {
            self.globs = globs
            self.stacks = stacks
            self.strength = strength
            self.peers = peers
            self.amongPeers = amongPeers
        }
    }

    /// A digest of the scenario and deviation files.
    package var catalogue: String
    /// The revision of the repository that the scenarios lie in, when it is known.
    package var commit: String?
    package var selection: Selection
    /// Whether every rule must have a case in the whole selection.
    package var expectsEveryRule: Bool
    /// How many cases the whole selection has, and a digest of their ids.
    package var cases: Int
    package var ids: String
    /// The part of the selection that this run plays; nil for all of it.
    package var shard: ShardPosition?

    package init(
        catalogue: String,
        commit: String?,
        selection: Selection,
        expectsEveryRule: Bool,
        selected: [String],
        shard: ShardPosition? = nil
    ) {
        self.catalogue = catalogue
        self.commit = commit
        self.selection = selection
        self.expectsEveryRule = expectsEveryRule
        cases = selected.count
        ids = Self.digest(of: selected)
        self.shard = shard
    }

    /// Whether the run plays every case of the catalogue.
    package var isWhole: Bool { selection == Selection() && shard == nil }

    /// A digest of ids, whatever their order.
    package static func digest(of ids: [String]) -> String {
        ids.sorted().reduce(into: StableHash()) { $0.add(line: $1) }.text
    }
}

/// The options of a run besides its selection, so that one of its cases can be played alone: a case with a program as its
/// peer is found by no command that doesn't name the program.
package struct RunOptions: Hashable, Codable, Sendable {
    /// The words that each of the run's cases needs, such as `--target shop.test:443`.
    package var always: [String]
    /// The words that bring a stack into the run, by its name: `--peer nginx`, or `--subject FILE`.
    package var stacks: [String: [String]]

    package init(always: [String] = [], stacks: [String: [String]] = [:]) {
        self.always = always
        self.stacks = stacks
    }

    /// The stacks that the run was asked to judge: a server or a client that somebody else runs, and each `--subject`.
    package func subjects(of plan: RunPlanRecord) -> [Stack] {
        let isLive = always.contains("--target") || always.contains("--client-trigger")
        let names = (plan.selection.peers ?? []).filter { isLive || stacks[$0]?.first == "--subject" }
        return names.map(Stack.init(rawValue:))
    }

    /// The words that play a case of this pairing, after `countersign run` and its id.
    package func words(for pairing: Pairing) -> [String] {
        let sides = pairing.server == pairing.client ? [pairing.server] : [pairing.server, pairing.client]
        let named = sides.map { stacks[$0.rawValue] ?? [] }
        let meet = named.allSatisfy { !$0.isEmpty }
        return always + named.flatMap(\.self) + (meet ? ["--among-peers"] : [])
    }
}
