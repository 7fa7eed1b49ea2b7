internal import ConformanceModel

/// Turns the axes of a scenario into its cases.
struct Expansion {
    /// Points that a scenario leaves out, and why.
    struct Exclusion {
        var filter: PointFilter
        var line: Int
    }

    let scenario: String
    let axes: [Axis]
    let base: CaseChange
    let control: ControlPlan?
    let exclusions: [Exclusion]
    let statements: [ExpectationReader.Statement]
    let book: RecipeBook
    let log: IssueLog

    /// The cases, the first axis slowest. Later axes win over earlier ones where both set the same thing, an axis
    /// value over the scenario's own blocks, and a statement of the scenario over that of an axis value.
    func cases() -> [ConformanceCase] {
        guard let pairings = axes.last?.values, !axes.contains(where: \.values.isEmpty) else { return [] }
        let outer = axes.dropLast()
        var cases: [ConformanceCase] = []
        var used = Material(book)
        cases.reserveCapacity(axes.reduce(1) { $0 * $1.values.count })
        var excludes = Usage(count: exclusions.count)
        var states = Usage(count: statements.count)
        var point = Array(repeating: 0, count: axes.count)
        repeat {
            // All pairings of a point share its settings and recipes, which are by far the larger part of a case.
            var draft: ConformanceCase?
            for (position, pairing) in pairings.enumerated() {
                point[outer.count] = position
                if let hit = exclusions.firstIndex(where: { $0.filter.matches(point) }) {
                    excludes.note(hit)
                    continue
                }
                var new = draft ?? self.draft(at: point, noting: &used)
                draft = new
                for (index, statement) in statements.enumerated() where statement.filter.matches(point) {
                    states.note(index)
                    new.statedExpectation = statement.outcome
                }
                if let stacks = pairing.pairing { new.pairing = stacks }
                new.id += "/\(pairing.idComponent)"
                new.axes.append(AxisValue(axis: axes[outer.count].name, value: pairing.value))
                cases.append(new)
            }
        } while advance(&point)
        for index in excludes.unused {
            log.report("exclude matches no case that no other exclude leaves out", line: exclusions[index].line)
        }
        for index in states.unused {
            log.report("expect matches no case", line: statements[index].line)
        }
        if !cases.isEmpty { used.reportUnused(log) }
        return cases
    }

    /// The case at a point, still without its pairing.
    private func draft(at point: [Int], noting used: inout Material) -> ConformanceCase {
        let settings = settings(at: point)
        let steps = steps(of: settings)
        var material = Material(book)
        material.use(settings.server)
        material.use(settings.client)
        material.use(steps)
        var id = scenario
        var values: [AxisValue] = []
        values.reserveCapacity(axes.count)
        for (axis, value) in zip(axes.dropLast(), point) {
            id += "/"
            id += axis.values[value].idComponent
            values.append(AxisValue(axis: axis.name, value: axis.values[value].value))
        }
        let control = control(at: point)
        if let control {
            material.use(control.server)
            material.use(control.client)
        }
        used.formUnion(material)
        return ConformanceCase(
            id: id,
            scenario: scenario,
            axes: values,
            pairing: Pairing(server: .countersign, client: .countersign),
            version: settings.version,
            pki: material.specification,
            server: settings.server,
            client: settings.client,
            steps: steps,
            control: control,
            statedExpectation: settings.expectation
        )
    }

    private func settings(at point: [Int]) -> CaseDraft {
        var draft = CaseDraft()
        base.apply(to: &draft)
        for (axis, value) in zip(axes, point) {
            axis.values[value].change.apply(to: &draft)
        }
        return draft
    }

    private func steps(of draft: CaseDraft) -> [Step] {
        if let plan = draft.steps { return plan.steps(phase: draft.phase, log: log) }
        if let axis = axes.first(where: { $0.name == KnownAxis.phase.rawValue }) {
            log.report("the axis “phase” needs steps with a rotate that is at it", line: axis.line)
        }
        return [.connect, .exchange]
    }

    private func control(at point: [Int]) -> Control? {
        guard let control else { return nil }
        var point = point
        for (axis, value) in control.overrides {
            point[axis] = value
        }
        var draft = settings(at: point)
        control.change.apply(to: &draft)
        return Control(server: draft.server, client: draft.client)
    }

    /// The next point of all axes but the last; false when there is none.
    private func advance(_ point: inout [Int]) -> Bool {
        for axis in axes.indices.dropLast().reversed() {
            point[axis] += 1
            if point[axis] < axes[axis].values.count { return true }
            point[axis] = 0
        }
        return false
    }
}

/// Which of a number of rules were used.
private struct Usage {
    private var used: [Bool]

    init(count: Int) {
        used = Array(repeating: false, count: count)
    }

    mutating func note(_ index: Int) {
        used[index] = true
    }

    var unused: [Int] {
        used.indices.filter { !used[$0] }
    }
}
