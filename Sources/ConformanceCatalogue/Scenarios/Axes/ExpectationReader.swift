internal import ConformanceModel

/// Reads what an author states of outcomes.
struct ExpectationReader {
    /// An outcome for some points of the scenario.
    struct Statement {
        var filter: PointFilter
        var outcome: StatedExpectation
        var line: Int
    }

    let log: IssueLog

    /// The statements of a scenario, none when its outcomes are derived alone.
    func statements(_ tree: YAMLTree, axes: [Axis]) -> [Statement] {
        guard case .sequence(let items) = tree.value else {
            guard let outcome = outcome(tree) else { return [] }
            return [
                Statement(
                    filter: PointFilter([], axes: axes, in: "expect", log: log),
                    outcome: outcome,
                    line: tree.line
                )
            ]
        }
        return items.compactMap { item in
            let block = BlockReader(item, "expect", log: log)
            let outcome = stated(block)
            let entries = block.block("when") ?? []
            block.finish()
            guard let outcome else { return nil }
            let filter = PointFilter(entries, axes: axes, in: "when of expect", log: log)
            return Statement(filter: filter, outcome: outcome, line: item.line)
        }
    }

    /// One outcome: `accepted`, `rejected`, `{outcome: …, resumed: …, rules: […]}`, or nil for `derived`.
    func outcome(_ tree: YAMLTree) -> StatedExpectation? {
        switch tree.text {
        case "derived"?: return nil
        case let word?:
            return known(word, line: tree.line).map { StatedExpectation(outcome: $0) }
        case nil:
            let block = BlockReader(tree, "expect", log: log)
            defer { block.finish() }
            return stated(block)
        }
    }

    private func stated(_ block: BlockReader) -> StatedExpectation? {
        let word = block.required("outcome")
        let resumed = block.bool("resumed")
        let rules = block.strings("rules") ?? []
        for rule in rules where Rule(rawValue: rule) == nil {
            log.reportUnknown("rule", rule, known: Rule.allCases.map(\.rawValue), line: block.line(of: "rules"))
        }
        guard !word.isEmpty, let outcome = known(word, line: block.line(of: "outcome")) else { return nil }
        return StatedExpectation(outcome: outcome, resumed: resumed, rules: rules)
    }

    private func known(_ word: String, line: Int) -> StatedExpectation.Outcome? {
        if let outcome = StatedExpectation.Outcome(rawValue: word) { return outcome }
        log.reportUnknown("outcome", word, known: ["accepted", "derived", "rejected"], line: line)
        return nil
    }
}

/// The positive control of a scenario: values that replace those of the case on some axes, and changes on top.
struct ControlPlan {
    /// Position of the axis to the position of the value that the control has on it.
    var overrides: [Int: Int] = [:]
    var change = CaseChange()

    /// Reads `control`: keys are axes, besides `server` and `client`.
    init(_ tree: YAMLTree, axes: [Axis], book: RecipeBook, log: IssueLog) {
        let block = BlockReader(tree, "control", log: log)
        change = SettingsReader(book: book, log: log).change(in: block, includingSteps: false)
        for (position, axis) in axes.enumerated() {
            guard let text = block.string(axis.name), !axis.values.isEmpty else { continue }
            let line = block.line(of: axis.name)
            if axis.name == KnownAxis.phase.rawValue {
                log.report("control can't change phase: it has no rotation", line: line)
            } else if axis.name == KnownAxis.tls.rawValue || axis.name == KnownAxis.pairing.rawValue {
                log.report("control can't change \(axis.name): it is played by the same stacks and version", line: line)
            } else if let value = axis.index(of: text) {
                overrides[position] = value
            } else {
                log.reportUnknown(
                    "value",
                    text,
                    in: "control, axis “\(axis.name)”",
                    known: axis.values.map(\.value),
                    line: line
                )
            }
        }
        block.finish()
    }
}
