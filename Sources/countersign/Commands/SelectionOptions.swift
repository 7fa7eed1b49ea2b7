internal import ArgumentParser
internal import ConformanceCatalogue
internal import ConformanceJudge
internal import ConformanceModel
internal import Foundation

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
            "The folder of scenarios; otherwise those that were installed with the program, or of its clone.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    @Option(help: ArgumentHelp("Only cases in which this stack plays a side; may be repeated.", valueName: "name"))
    var stack: [String] = []

    @Option(
        help: ArgumentHelp(
            "Plays every combination of any 1, 2 or 3 axes of a scenario, or all cases. run plays all, selftest 2.",
            valueName: "1|2|3|all"
        )
    )
    var strength: Strength?

    @Option(
        help: ArgumentHelp(
            "Makes serial numbers and choices repeatable; random by default, and the same for all shards.",
            valueName: "n"
        )
    )
    var seed: UInt64?

    @Option(help: ArgumentHelp("Only the I-th of N parts, counted from 1; a case stays in its part.", valueName: "i/n"))
    var shard: ShardPosition?

    /// The chosen cases, never empty.
    ///
    /// - Parameters:
    ///   - shard: the part of them to play, nil for all.
    ///   - earlierSeed: that of the run that is gone on with, for when no option names one.
    ///   - peers: the stacks that play as programs, which the cases are played with in place of those in process.
    ///   - live: the user's own server or client, which is put through them instead.
    func select(
        shard: ShardPosition?,
        earlierSeed: UInt64? = nil,
        defaultStrength: Strength = .all,
        peers: PeerOptions? = nil,
        live: LivePeer? = nil
    ) throws -> SelectedCases {
        let strength = strength ?? defaultStrength
        let folder = try ScenarioFolder.find(named: scenarios)
        let offer = try offer(of: folder, peers, live)
        let catalogue = offer.catalogue
        let digest = try Catalogue.digest(directory: folder)
        let seed = seed ?? earlierSeed ?? Self.seed(digest, isShared: shard != nil)
        let chosen = StrengthSelection(catalogue, strength: strength, seed: seed)
        let matching = try catalogue.select(globs: offer.globs, stacks: stack.map(Stack.init(rawValue:)))
        let selected = matching.filter { chosen.ids.contains($0.id) }
        guard !selected.isEmpty else {
            throw CommandError.usage("none of the \(matching.count) matching cases is of strength \(strength)")
        }
        let manifests = try offer.manifests + programs(of: selected, besides: offer.manifests, folder, peers)
        let plan = RunPlanRecord(
            catalogue: digest,
            commit: Revision.current(of: folder, ProcessInfo.processInfo.environment),
            selection: .init(
                globs: globs,
                stacks: stack,
                strength: strength.description,
                peers: offer.manifests.isEmpty ? nil : offer.manifests.map(\.stack.rawValue),
                amongPeers: peers?.amongPeers == true ? true : nil
            ),
            // A folder of the user's own need not hit each rule, nor need few of the cases.
            expectsEveryRule: globs.isEmpty && stack.isEmpty && offer.manifests.isEmpty && scenarios == nil
                && strength == .all,
            selected: selected.map(\.id),
            shard: shard
        )
        let cases = shard.map { shard in selected.filter { shard.contains($0.id) } } ?? selected
        guard !cases.isEmpty else {
            throw CommandError.usage(
                "shard \(shard?.description ?? "") holds none of the \(selected.count) chosen cases, "
                    + "and an empty run would look like a good one; take fewer shards"
            )
        }
        return SelectedCases(
            catalogue: catalogue,
            cases: cases,
            manifests: manifests,
            // A replay has chosen already, and an implementation's entries would come twice.
            deviations: offer.manifests.isEmpty ? catalogue.deviations(for: manifests) : catalogue.deviations,
            plan: plan,
            seed: seed,
            strength: strength == .all ? nil : chosen.sentence
        )
    }

    private struct Offer {
        var catalogue: Catalogue
        var globs: [String]
        var manifests: [PeerManifest] = []
    }

    /// What the cases are chosen from: the scenarios, or their replay by stacks that play as programs.
    private func offer(of folder: String, _ peers: PeerOptions?, _ live: LivePeer?) throws -> Offer {
        let catalogue = try Catalogue.load(directory: folder)
        if let live {
            let replayed = try catalogue.replayed(
                by: [live.pairing],
                globs: globs.isEmpty ? live.globs : globs,
                deviations: catalogue.deviations(for: [live.manifest])
            ) { testCase in
                guard live.concerns(testCase) else { return nil }
                let aimed = live.aimed(testCase)
                // With one authority alone, some cases have no client that must be accepted, and prove nothing.
                let oracle = Oracle()
                let expectation = oracle.expectation(for: aimed)
                return Agreement.disagreements(of: [aimed], expecting: [expectation], oracle: oracle).isEmpty
                    ? aimed : nil
            }
            return Offer(catalogue: replayed, globs: [], manifests: [live.manifest])
        }
        guard let peers, peers.isGiven else { return Offer(catalogue: catalogue, globs: globs) }
        let manifests = try peers.manifests(scenarios: folder)
        let pairings = peers.pairings(of: manifests)
        let issues = catalogue.issues(ofDeviationsFor: pairings)
        guard issues.isEmpty else { throw ScenarioError(issues) }
        let replayed = try catalogue.replayed(
            by: pairings,
            globs: globs.isEmpty ? try InteropSelection.load(beside: folder) : globs,
            deviations: catalogue.deviations(for: manifests)
        )
        return Offer(catalogue: replayed, globs: [], manifests: manifests)
    }

    /// The manifests of the programs that scenarios themselves name in their pairings.
    private func programs(
        of cases: [ConformanceCase],
        besides known: [PeerManifest],
        _ folder: String,
        _ peers: PeerOptions?
    ) throws -> [PeerManifest] {
        let missing = Set(cases.flatMap(\.pairing.programs)).subtracting(known.map(\.stack))
        return try missing.sorted().map { stack in
            try PeerManifest.load("\(peers?.peers ?? "\(folder)/peers")/\(stack.rawValue)")
        }
    }

    /// Shards of one run agree on their seed without being told one, since reports with two seeds can't be merged.
    private static func seed(_ digest: String, isShared: Bool) -> UInt64 {
        // Readers of JSON that know doubles alone keep integers below 2^53.
        let below: UInt64 = 1 << 53
        return isShared ? StableHash(digest).value % below : UInt64.random(in: 0..<below)
    }
}

extension Strength: ExpressibleByArgument {
    /// Reads the argument of `--strength`.
    package init?(argument: String) {
        self.init(argument)
    }
}

/// What the arguments of a command chose.
struct SelectedCases {
    var catalogue: Catalogue
    /// Ordered by id; never empty.
    var cases: [ConformanceCase]
    /// The stacks of the cases that play as programs.
    var manifests: [PeerManifest]
    /// The known differences of the stacks that play.
    var deviations: [Deviation]
    var plan: RunPlanRecord
    var seed: UInt64
    /// What a strength below all leaves, in a sentence.
    var strength: String?
}
