package import ConformanceModel

/// The first line of a journal: which run the results below it belong to.
package struct JournalHeader: Hashable, Codable, Sendable {
    /// The version of the journal's format.
    package var journal = 1
    package var tool: Tool
    package var environment: [String: String]
    package var seed: UInt64
    /// The time that certificates are made for, in seconds since 1970: a resumed run mints the same.
    package var now: Int64
    package var plan: RunPlanRecord

    package init(tool: Tool, environment: [String: String], seed: UInt64, now: Int64, plan: RunPlanRecord) {
        self.tool = tool
        self.environment = environment
        self.seed = seed
        self.now = now
        self.plan = plan
    }

    /// What another run would have to have in common with this one, and has not; one sentence each.
    package func differences(from other: JournalHeader) -> [String] {
        func text(_ versions: [String: String]) -> String {
            versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        let members = [
            ("the tool", "\(tool.name) \(tool.version)", "\(other.tool.name) \(other.tool.version)"),
            ("the set of stacks", text(environment), text(other.environment)),
            ("the seed", "\(seed)", "\(other.seed)"),
            ("the time of the certificates", "\(now)", "\(other.now)"),
            ("the catalogue", plan.catalogue, other.plan.catalogue),
            ("the commit", plan.commit ?? "none", other.plan.commit ?? "none"),
            ("the shard", plan.shard?.description ?? "none", other.plan.shard?.description ?? "none"),
            ("the selection", "\(plan.cases) cases, \(plan.ids)", "\(other.plan.cases) cases, \(other.plan.ids)"),
        ]
        return members.filter { $0.1 != $0.2 }.map { "\($0.0) was \($0.1) and is \($0.2)" }
    }
}
