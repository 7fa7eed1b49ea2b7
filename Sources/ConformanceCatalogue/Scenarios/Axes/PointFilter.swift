internal import ConformanceModel

/// Some values of some axes: the points whose values are all among them.
struct PointFilter {
    /// Position of the axis to the positions of its values.
    private var conditions: [(axis: Int, values: Set<Int>)] = []

    /// Reads `AXIS: [VALUE…]` pairs; a single value may stand without brackets.
    init(_ entries: [YAMLTree.Entry], axes: [Axis], in place: String, log: IssueLog) {
        for entry in entries {
            guard let axis = axes.firstIndex(where: { $0.name == entry.key }) else {
                log.reportUnknown("axis", entry.key, in: place, known: axes.map(\.name), line: entry.line)
                continue
            }
            let trees: [YAMLTree] = if case .sequence(let items) = entry.value.value { items } else { [entry.value] }
            var positions: Set<Int> = []
            for tree in trees {
                guard let text = tree.text, let position = axes[axis].index(of: text) else {
                    log.reportUnknown(
                        "value",
                        tree.text ?? tree.kind,
                        in: "\(place), axis “\(entry.key)”",
                        known: axes[axis].values.map(\.value),
                        line: tree.line
                    )
                    continue
                }
                positions.insert(position)
            }
            conditions.append((axis, positions))
        }
    }

    func matches(_ point: [Int]) -> Bool {
        conditions.allSatisfy { $0.values.contains(point[$0.axis]) }
    }
}
