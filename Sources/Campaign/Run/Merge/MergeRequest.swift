internal import ConformanceCatalogue
internal import ConformanceJudge
package import ConformanceModel

/// Shards to merge, with the catalogue that they were played from where it is here.
package struct MergeRequest {
    private let parts: [ReportMerge.Part]
    private let scenarios: String?

    /// - Parameters:
    ///   - parts: the shards, in any order.
    ///   - scenarios: the folder that the user named; nil to find it.
    package init(_ parts: [ReportMerge.Part], scenarios: String?) {
        self.parts = parts
        self.scenarios = scenarios
    }

    /// The report that a single run would have written.
    ///
    /// A profile needs the observations of all shards and the cases that they are of, so it is inferred here again; no
    /// shard's own would do.
    ///
    /// - Throws: ``CommandError`` for shards that don't fit together, and for scenarios that were named and can't be read.
    package func report() throws -> RunReport {
        let selected = try selected()
        var report: RunReport
        do {
            report = try ReportMerge.merge(parts, selected: selected?.cases.map(\.id))
        } catch {
            throw CommandError.usage(error.description)
        }
        guard let selected, selected.plan.catalogue == report.plan?.catalogue else { return report }
        let known = ProfileSet(selected.profiles, versions: report.environment)
        let holes = try ProfileUse().holes(besides: ScenarioFolder.find(named: scenarios), isDefault: true)
        let census = ProfileCensus(profiles: known, knownHoles: holes)
            .outcome(of: selected.cases, report.cases, subjects: [])
        report.profiles = census.profiles
        report.findings += census.findings
        if selected.plan.expectsEveryRule { report.findings += Probing(profiles: known).findings(in: selected.cases) }
        return report
    }

    /// The cases that the shards were made of; nil when the scenarios aren't here, which a merge can do without.
    private func selected() throws -> SelectedCases? {
        guard let part = parts.first?.report, let plan = part.plan else { return nil }
        let selection = CaseSelection(
            globs: plan.selection.globs,
            scenarios: scenarios,
            stack: plan.selection.stacks,
            strength: Strength(plan.selection.strength) ?? .all,
            seed: part.seed
        )
        do {
            let peers = plan.selection.peers.map {
                PeerSelection(peer: $0, amongPeers: plan.selection.amongPeers == true)
            }
            return try selection.select(shard: nil, peers: peers)
        } catch {
            // What a --subject, a --target or a trigger was can't be told from its name.
            if plan.selection.peers != nil { return nil }
            if scenarios != nil { throw error }
            return nil
        }
    }
}
