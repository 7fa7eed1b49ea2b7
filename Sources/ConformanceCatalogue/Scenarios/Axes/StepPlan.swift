internal import ConformanceModel

/// A timeline as a file writes it, before the axes of a case fill what it leaves to them.
struct StepPlan {
    enum Item {
        case step(Step)
        /// A rotation whose phase is the case's value on the axis `phase`.
        case rotateAtAxis(Rotation)
    }

    var items: [Item]
    /// Where the list stands.
    var line: Int

    /// The steps of a case, with the phase that its axis gives, if it has one.
    ///
    /// A step that leaves its phase to an axis which isn't there is reported, and so is an axis that fills nothing.
    func steps(phase: Phase?, log: IssueLog) -> [Step] {
        let steps = items.compactMap { item -> Step? in
            switch item {
            case .step(let step): return step
            case .rotateAtAxis(var rotation):
                guard let phase else {
                    log.report("a rotate is at the axis “phase”, and the scenario has no such axis", line: line)
                    return nil
                }
                rotation.at = phase
                return .rotate(rotation)
            }
        }
        if phase != nil, !items.contains(where: \.isAtAxis) {
            log.report("these steps have no rotate that is at the axis “phase”", line: line)
        }
        StepOrder(steps).problems.forEach { log.report($0, line: line) }
        return steps
    }
}

extension StepPlan.Item {
    var isAtAxis: Bool {
        switch self {
        case .step: false
        case .rotateAtAxis: true
        }
    }
}
