internal import ArgumentParser
internal import Conformance
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
            "The folder of scenarios; otherwise ./scenarios, or the one beside or above the executable.",
            valueName: "dir"
        )
    )
    var scenarios: String?

    @Option(help: ArgumentHelp("Only cases in which this stack plays a side; may be repeated.", valueName: "name"))
    var stack: [String] = []

    @Option(help: ArgumentHelp("Only the I-th of N parts, counted from 1; a case stays in its part.", valueName: "i/n"))
    var shard: ShardPosition?

    /// The chosen cases, never empty; `shard` is the part of them to play, nil for all.
    func select(shard: ShardPosition?) throws -> SelectedCases {
        let folder = try ScenarioFolder.find(named: scenarios)
        let catalogue = try Catalogue.load(directory: folder)
        let selected = try catalogue.select(globs: globs, stacks: stack.map(Stack.init(rawValue:)))
        let plan = RunPlanRecord(
            catalogue: try Catalogue.digest(directory: folder),
            commit: Revision.current(of: folder, ProcessInfo.processInfo.environment),
            selection: .init(globs: globs, stacks: stack),
            // A folder of the user's own need not hit each rule.
            expectsEveryRule: globs.isEmpty && stack.isEmpty && scenarios == nil,
            selected: selected.map(\.id),
            shard: shard
        )
        guard let shard else { return SelectedCases(catalogue: catalogue, cases: selected, plan: plan) }
        let cases = selected.filter { shard.contains($0.id) }
        guard !cases.isEmpty else {
            throw CommandError.usage(
                "shard \(shard) holds none of the \(selected.count) chosen cases, "
                    + "and an empty run would look like a good one; take fewer shards"
            )
        }
        return SelectedCases(catalogue: catalogue, cases: cases, plan: plan)
    }
}

/// What the arguments of a command chose.
struct SelectedCases {
    var catalogue: Catalogue
    /// Ordered by id; never empty.
    var cases: [ConformanceCase]
    var plan: RunPlanRecord
}
