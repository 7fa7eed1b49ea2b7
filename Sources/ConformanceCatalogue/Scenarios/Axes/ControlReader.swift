internal import ConformanceModel

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
