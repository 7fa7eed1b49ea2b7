internal import ConformanceModel

/// One dimension of a scenario: a name, and the values that cases have on it.
struct Axis {
    var name: String
    var line: Int
    var values: [AxisChoice]

    func index(of value: String) -> Int? {
        values.firstIndex { $0.value == value }
    }
}

/// One value of an axis.
struct AxisChoice {
    /// As the file writes it.
    var value: String
    /// As it stands in case ids.
    var idComponent: String
    var change: CaseChange
    var pairing: Pairing?
}

/// The change that an axis value, a base block or a control makes to the draft of a case.
struct CaseChange {
    var server: [(inout ServerSettings) -> Void] = []
    var client: [(inout ClientSettings) -> Void] = []
    var steps: StepPlan?
    /// The phase of every rotation that is at the axis `phase`.
    var phase: Phase?
    var version: ProtocolVersion?
    var expectation: StatedExpectation?

    func apply(to draft: inout CaseDraft) {
        for change in server { change(&draft.server) }
        for change in client { change(&draft.client) }
        if let steps { draft.steps = steps }
        if let phase { draft.phase = phase }
        if let version { draft.version = version }
        if let expectation { draft.expectation = expectation }
    }

    mutating func append(_ other: CaseChange) {
        server += other.server
        client += other.client
        steps = other.steps ?? steps
        phase = other.phase ?? phase
        version = other.version ?? version
        expectation = other.expectation ?? expectation
    }
}

/// A case while the values of its axes are laid over the scenario's settings.
struct CaseDraft {
    var server = ServerSettings()
    var client = ClientSettings()
    var steps: StepPlan?
    var phase: Phase?
    var version = ProtocolVersion.tls13
    var expectation: StatedExpectation?
}

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
