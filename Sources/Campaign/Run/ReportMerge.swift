internal import ConformanceCatalogue
internal import ConformanceJudge
package import ConformanceModel

/// Puts the reports of a run's shards together into the report that a single run would have written.
package struct ReportMerge {
    /// One shard's report, and the file that it came from.
    package struct Part: Sendable {
        package var file: String
        package var report: RunReport

        package init(file: String, report: RunReport) {
            self.file = file
            self.report = report
        }
    }

    /// How many cases an error names before it counts the rest.
    private static let namedCases = 10

    private let parts: [Part]
    private let selected: [String]?
    private var issues: [String] = []

    /// - Parameters:
    ///   - parts: in any order.
    ///   - selected: the ids of the selection that was spread, for the names of missing cases; nil when nobody knows.
    /// - Throws: ``MergeError`` when a shard or a case is missing or there twice, or the parts are not of one run.
    package static func merge(_ parts: [Part], selected: [String]? = nil) throws(MergeError) -> RunReport {
        var merge = ReportMerge(parts: parts, selected: selected)
        return try merge.merged()
    }

    private init(parts: [Part], selected: [String]?) {
        self.parts = parts
        self.selected = selected
    }

    private mutating func merged() throws(MergeError) -> RunReport {
        let shards = parts.compactMap { part in part.report.plan?.shard.map { (part: part, shard: $0) } }
        for part in parts where part.report.plan?.shard == nil {
            issues.append("\(part.file) is not of a shard: it was not played with --shard or in an engine's part")
        }
        guard let first = shards.first, let plan = first.part.report.plan, issues.isEmpty else {
            throw MergeError(issues: issues.isEmpty ? ["there is no report to merge"] : issues)
        }
        for other in shards.dropFirst() { compare(other.part, with: first.part) }
        // Shards of different runs miss each other's cases, and that would bury the reason.
        guard issues.isEmpty else { throw MergeError(issues: issues) }
        checkShards(shards, count: first.shard.count)
        checkCases(shards, plan)
        guard issues.isEmpty else { throw MergeError(issues: issues) }
        return Self.report(parts.map(\.report), plan)
    }

    /// Notes what must be the same in every part and is not.
    private mutating func compare(_ part: Part, with first: Part) {
        let (one, other) = (first.report, part.report)
        let members: [(String, String, String)] = [
            ("tool", "\(one.tool.name) \(one.tool.version)", "\(other.tool.name) \(other.tool.version)"),
            ("seed", "\(one.seed)", "\(other.seed)"),
            ("set of stacks", Self.versions(one), Self.versions(other)),
            ("catalogue", one.plan?.catalogue ?? "", other.plan?.catalogue ?? ""),
            ("commit", one.plan?.commit ?? "none", other.plan?.commit ?? "none"),
            ("selection", Self.selection(one), Self.selection(other)),
            ("number of shards", "\(one.plan?.shard?.count ?? 0)", "\(other.plan?.shard?.count ?? 0)"),
        ]
        for (name, expected, found) in members where expected != found {
            issues.append("the \(name) is \(expected) in \(first.file) and \(found) in \(part.file)")
        }
    }

    private mutating func checkShards(_ shards: [(part: Part, shard: ShardPosition)], count: Int) {
        let byIndex = Dictionary(grouping: shards, by: \.shard.index)
        for index in 1...count {
            let files = byIndex[index, default: []].map(\.part.file)
            if files.isEmpty { issues.append("shard \(index)/\(count) is missing") }
            if files.count > 1 {
                issues.append("shard \(index)/\(count) is there \(files.count) times: \(files.joined(separator: ", "))")
            }
        }
        for (part, shard) in shards where !part.report.isComplete {
            issues.append(
                "shard \(shard) was stopped before its end: \(part.file) has \(part.report.cases.count) cases"
            )
        }
    }

    private mutating func checkCases(_ shards: [(part: Part, shard: ShardPosition)], _ plan: RunPlanRecord) {
        var files: [String: String] = [:]
        var found: [String] = []
        var seen: Set<Int> = []
        for (part, shard) in shards {
            // A shard that is there twice is named as a whole.
            guard seen.insert(shard.index).inserted else { continue }
            for id in part.report.cases.map(\.id) {
                if let other = files.updateValue(part.file, forKey: id) {
                    found.append("the case \(id) is there twice, in \(other) and \(part.file)")
                } else if !shard.contains(id) {
                    let home = ShardPosition.index(of: id, count: shard.count)
                    found.append("the case \(id) belongs to shard \(home)/\(shard.count) and is in \(part.file)")
                }
            }
        }
        let present = Set(shards.map(\.shard.index))
        if let selected, RunPlanRecord.digest(of: selected) == plan.ids {
            // The cases of a missing shard are named with it.
            let missing = selected.filter { id in
                files[id] == nil
                    && shards.first.map { present.contains(ShardPosition.index(of: id, count: $0.shard.count)) }
                        ?? false
            }
            found += missing.map { "the case \($0) is missing" }
            let known = Set(selected)
            found += files.keys.filter { !known.contains($0) }.sorted().map { "the case \($0) was not selected" }
        } else if issues.isEmpty, found.isEmpty, RunPlanRecord.digest(of: Array(files.keys)) != plan.ids {
            found.append(
                "the selection has \(plan.cases) cases, and the shards together have \(files.count), not all the same; "
                    + "name the scenarios that were played with --scenarios to hear which"
            )
        }
        issues += found.prefix(Self.namedCases)
        if found.count > Self.namedCases { issues.append("and \(found.count - Self.namedCases) more cases") }
    }

    private static func report(_ reports: [RunReport], _ plan: RunPlanRecord) -> RunReport {
        let cases = reports.flatMap(\.cases).sorted { $0.id < $1.id }
        let hits = RunReport.ruleHits(in: cases)
        var whole = plan
        whole.shard = nil
        var merged = RunReport(
            tool: reports[0].tool,
            environment: reports[0].environment,
            seed: reports[0].seed,
            started: reports.map(\.started).min() ?? "",
            isComplete: true,
            findings: RunReport.findings(ofComplete: cases, ruleHits: hits, expectsEveryRule: plan.expectsEveryRule),
            cases: cases,
            rules: hits,
            durationMs: reports.map(\.durationMs).max() ?? 0
        )
        merged.plan = whole
        // Each shard was told the same, save for paths of its own machine, of which one is as good as another.
        merged.options = reports.lazy.compactMap(\.options).first
        let modes = reports.compactMap(\.failureModes)
        if modes.count == reports.count { merged.failureModes = FailureModeOutcome.merged(modes) }
        return merged
    }

    private static func versions(_ report: RunReport) -> String {
        report.environment.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private static func selection(_ report: RunReport) -> String {
        guard let plan = report.plan else { return "unknown" }
        let chosen = plan.selection
        let peers = (chosen.peers ?? []).map { "--peer \($0)" } + (chosen.amongPeers == true ? ["--among-peers"] : [])
        let words =
            chosen.globs + chosen.stacks.map { "--stack \($0)" } + peers + ["--strength \(chosen.strength)"]
        return "\(words.joined(separator: " ")) (\(plan.cases) cases, \(plan.ids))"
    }
}

/// Why reports can't be put together: everything that was found, each in a sentence that names a file.
package struct MergeError: Error, Hashable, Sendable, CustomStringConvertible {
    package let issues: [String]

    package var description: String {
        "the reports can't be merged:\n" + issues.map { "- \($0)" }.joined(separator: "\n")
    }
}

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
