package import ConformanceCatalogue
internal import ConformanceJudge
package import ConformanceModel
internal import ConformanceReports
internal import Foundation

/// Which cases of which scenarios are meant.
package struct CaseSelection {
    /// Patterns for ids; all cases when empty.
    package var globs: [String]
    /// The folder that the user named; nil to find it.
    package var scenarios: String?
    /// Only cases in which one of these plays a side; any when empty.
    package var stack: [String]
    /// Nil for the default of the command.
    package var strength: Strength?
    /// Nil for one that is drawn.
    package var seed: UInt64?

    package init(globs: [String], scenarios: String?, stack: [String], strength: Strength?, seed: UInt64?) {
        self.globs = globs
        self.scenarios = scenarios
        self.stack = stack
        self.strength = strength
        self.seed = seed
    }

    /// The chosen cases, never empty.
    ///
    /// - Parameters:
    ///   - shard: the part of them to play, nil for all.
    ///   - earlierSeed: that of the run that is gone on with, for when no option names one.
    ///   - peers: the stacks that play as programs, which the cases are played with in place of those in process.
    ///   - live: the user's own server or client, which is put through them instead.
    package func select(
        shard: ShardPosition?,
        earlierSeed: UInt64? = nil,
        defaultStrength: Strength = .all,
        peers: PeerSelection? = nil,
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
            profiles: offer.manifests.isEmpty ? catalogue.profiles(for: manifests) : catalogue.profiles,
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

    /// The cases to choose from: the scenarios, or their replay by stacks that play as programs.
    private func offer(of folder: String, _ peers: PeerSelection?, _ live: LivePeer?) throws -> Offer {
        let catalogue = try Catalogue.load(directory: folder)
        if let live {
            let replayed = try catalogue.replayed(
                by: live.pairings,
                globs: globs.isEmpty ? live.globs : globs,
                profiles: catalogue.profiles(for: live.manifests)
            ) { testCase in
                guard let aimed = live.aimed(testCase) else { return nil }
                // With one authority alone, some cases have no client that must be accepted, and prove nothing.
                let oracle = Oracle()
                let expectation = oracle.expectation(for: aimed)
                // What the harness's own settings decide says nothing about the subject.
                let isOurs = expectation.connections.contains { connection in
                    connection.outcome.decision == .configurationError
                        && connection.outcome.by.map { aimed.pairing[$0] == .countersign } ?? false
                }
                if isOurs { return nil }
                return Agreement.disagreements(of: [aimed], expecting: [expectation], oracle: oracle).isEmpty
                    ? aimed : nil
            }
            return Offer(catalogue: replayed, globs: [], manifests: live.manifests)
        }
        guard let peers else { return Offer(catalogue: catalogue, globs: globs) }
        let manifests = try peers.manifests(scenarios: folder)
        let pairings = peers.pairings(of: manifests)
        let issues = catalogue.issues(ofExceptionsFor: pairings)
        guard issues.isEmpty else { throw ScenarioError(issues) }
        let replayed = try catalogue.replayed(
            by: pairings,
            globs: globs.isEmpty ? try InteropSelection.load(beside: folder) : globs,
            profiles: catalogue.profiles(for: manifests)
        )
        return Offer(catalogue: replayed, globs: [], manifests: manifests)
    }

    /// The manifests of the programs that scenarios themselves name in their pairings.
    private func programs(
        of cases: [ConformanceCase],
        besides known: [PeerManifest],
        _ folder: String,
        _ peers: PeerSelection?
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

/// The selection by the arguments of a command.
package struct SelectedCases {
    package var catalogue: Catalogue
    /// Ordered by id; never empty.
    package var cases: [ConformanceCase]
    /// The stacks of the cases that play as programs.
    package var manifests: [PeerManifest]
    /// The known differences of the stacks that play.
    package var profiles: [Profile]
    package var plan: RunPlanRecord
    package var seed: UInt64
    /// The selection of a strength below `all`, in a sentence.
    package var strength: String?
}

/// The cases that every stack is put through when none are named: scenarios/peers/selection.txt.
package enum InteropSelection {
    /// One pattern a line; empty lines and those that begin with `#` are left out.
    package static func load(beside scenarios: String) throws -> [String] {
        let path = "\(scenarios)/peers/selection.txt"
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CommandError.usage(
                "name cases, for example 'client-auth/credentials': \(path), which lists those of a run without "
                    + "names, can't be read: \(FileReason.of(error))"
            )
        }
        let patterns = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !patterns.isEmpty else { throw CommandError.usage("\(path) has no pattern") }
        return patterns
    }
}

extension Catalogue {
    /// The profiles of the stacks in process and of these, with that of an implementation under each of its names, and
    /// those that they include.
    package func profiles(for manifests: [PeerManifest]) -> [Profile] {
        var result = profiles.filter { profile in
            !manifests.contains { $0.stack == profile.stack && $0.implementation != $0.stack }
        }
        for manifest in manifests where manifest.implementation != manifest.stack {
            var own = Profile(stack: manifest.stack)
            if let stated = profiles.first(where: { $0.stack == manifest.stack }) {
                own = stated
            } else if let implemented = profiles.first(where: { $0.stack == manifest.implementation }) {
                own = implemented.renamed(manifest.stack)
            }
            result.append(own)
        }
        return result
    }
}
